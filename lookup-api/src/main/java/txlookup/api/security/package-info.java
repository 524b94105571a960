/** The filter chains: bearer tokens of programs, sessions of people, forms, and what fails before a page is reached. */
@NullMarked
package txlookup.api.security;

import org.jspecify.annotations.NullMarked;
