/** The offsets that a generation's cutover is pinned to. */
package txlookup.consumer.cutover;
