/** Commands that run the consumer and the API as services, with their telemetry and log. */
@NullMarked
package txlookup.cli.service;

import org.jspecify.annotations.NullMarked;
