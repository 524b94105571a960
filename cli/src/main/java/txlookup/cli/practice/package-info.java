/** The command that starts a fake Azure to practise on. */
@NullMarked
package txlookup.cli.practice;

import org.jspecify.annotations.NullMarked;
