/** Whether the store holds what a source says: checksums, differences down to keys, repair. */
package txlookup.proof;
