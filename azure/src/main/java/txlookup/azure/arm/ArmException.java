package txlookup.azure.arm;

import java.io.IOException;

/** Azure said no, or nothing, for as long as was waited. */
public final class ArmException extends IOException {
    private static final long serialVersionUID = 1L;

    /** With what was asked, what was seen and what to do. */
    public ArmException(String message) {
        super(message);
    }
}
