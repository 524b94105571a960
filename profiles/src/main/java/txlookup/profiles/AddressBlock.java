package txlookup.profiles;

import java.util.regex.Pattern;

/** An IP address, or a CIDR block that is no wider than one network may be. Nothing is looked up. */
final class AddressBlock {
    static final int WIDEST_IPV4 = 8;
    static final int WIDEST_IPV6 = 7;

    private static final Pattern IPV4 = Pattern.compile("(\\d{1,3})\\.(\\d{1,3})\\.(\\d{1,3})\\.(\\d{1,3})");
    private static final Pattern GROUP = Pattern.compile("[0-9a-fA-F]{1,4}");
    private static final int GROUPS = 8;

    private AddressBlock() {}

    static boolean isOne(String text) {
        int slash = text.indexOf('/');
        String address = slash < 0 ? text : text.substring(0, slash);
        boolean ipv4 = isIpv4(address);
        if (!ipv4 && !isIpv6(address)) {
            return false;
        }
        int bits = ipv4 ? 32 : 128;
        return slash < 0 || isBetween(text.substring(slash + 1), ipv4 ? WIDEST_IPV4 : WIDEST_IPV6, bits);
    }

    private static boolean isIpv4(String text) {
        return IPV4.matcher(text).matches()
                && Pattern.compile("\\.").splitAsStream(text).allMatch(part -> isBetween(part, 0, 255));
    }

    private static boolean isIpv6(String text) {
        int gap = text.indexOf("::");
        if (gap < 0) {
            return groups(text) == GROUPS;
        }
        int before = groups(text.substring(0, gap));
        int after = groups(text.substring(gap + 2));
        return before >= 0 && after >= 0 && before + after < GROUPS;
    }

    /** How many groups there are; -1 where one is none. */
    private static int groups(String text) {
        if (text.isEmpty()) {
            return 0;
        }
        String[] groups = text.split(":", -1);
        for (String group : groups) {
            if (!GROUP.matcher(group).matches()) {
                return -1;
            }
        }
        return groups.length;
    }

    private static boolean isBetween(String digits, int least, int most) {
        if (!digits.matches("\\d{1,3}")) {
            return false;
        }
        int number = Integer.parseInt(digits);
        return number >= least && number <= most;
    }
}
