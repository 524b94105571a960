package txlookup.api.search;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.net.URLEncoder;
import java.util.Arrays;
import java.util.Comparator;

/** Ids by their bytes in UTF-8, which is how the store compares them. */
public final class IdPrefix {
    public static final Comparator<String> BY_BYTES =
            (left, right) -> Arrays.compareUnsigned(left.getBytes(UTF_8), right.getBytes(UTF_8));

    private static final int LAST_BEFORE_SURROGATES = 0xD7FF;
    private static final int FIRST_AFTER_SURROGATES = 0xE000;

    private IdPrefix() {}

    /** The least text that is greater than everything that begins with the prefix. Bytes order as code points do. */
    public static String end(String prefix) {
        int[] points = prefix.codePoints().toArray();
        int length = points.length;
        while (length > 0 && points[length - 1] == Character.MAX_CODE_POINT) {
            length--;
        }
        if (length == 0) {
            throw new IllegalArgumentException("nothing is greater than everything that begins with " + prefix);
        }
        points[length - 1] =
                points[length - 1] == LAST_BEFORE_SURROGATES ? FIRST_AFTER_SURROGATES : points[length - 1] + 1;
        return new String(points, 0, length);
    }

    /** As one segment of a path, or one value in a query. */
    public static String segment(String id) {
        return URLEncoder.encode(id, UTF_8).replace("+", "%20");
    }
}
