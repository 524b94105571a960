/** The templates of an environment's resources, their parameters by stage, and what they evaluate to. */
package txlookup.azure.template;
