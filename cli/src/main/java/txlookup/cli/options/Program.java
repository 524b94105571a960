package txlookup.cli.options;

/** The program that a command belongs to. */
public interface Program {
    ProfileOptions profile();
}
