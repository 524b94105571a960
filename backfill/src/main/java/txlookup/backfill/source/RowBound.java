package txlookup.backfill.source;

import java.io.FilterReader;
import java.io.IOException;
import java.io.Reader;

/** Ends the reading of a row that has no end, such as after a quote that nobody closes: a parser would keep all of it. */
final class RowBound extends FilterReader {
    private long inThisRow;

    RowBound(Reader rows) {
        super(rows);
    }

    void rowEnded() {
        inThisRow = 0;
    }

    @Override
    public int read() throws IOException {
        int read = super.read();
        count(read < 0 ? 0 : 1);
        return read;
    }

    @Override
    public int read(char[] buffer, int from, int length) throws IOException {
        int read = super.read(buffer, from, length);
        count(Math.max(read, 0));
        return read;
    }

    // A little of the next row may be counted, since the parser reads ahead.
    private void count(int more) throws IOException {
        inThisRow += more;
        if (inThisRow > ChunkRows.LONGEST_ROW) {
            throw new IOException("it has a row of more than %,d characters, perhaps since a quote is not closed"
                    .formatted(ChunkRows.LONGEST_ROW));
        }
    }
}
