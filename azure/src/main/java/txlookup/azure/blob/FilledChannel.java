package txlookup.azure.blob;

import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.NonWritableChannelException;
import java.nio.channels.SeekableByteChannel;

/** A blob's channel that says where its end is: the client's answers no bytes there, which a stream takes for a fault. */
final class FilledChannel implements SeekableByteChannel {
    private static final int MOST_EMPTY_READS = 16;

    private final SeekableByteChannel channel;

    FilledChannel(SeekableByteChannel channel) {
        this.channel = channel;
    }

    @Override
    public int read(ByteBuffer into) throws IOException {
        for (int i = 0; i < MOST_EMPTY_READS; i++) {
            int read = channel.read(into);
            if (read != 0 || !into.hasRemaining()) {
                return read;
            }
            if (channel.position() >= channel.size()) {
                return -1;
            }
        }
        throw new EOFException("no bytes at %d of %d".formatted(channel.position(), channel.size()));
    }

    @Override
    public int write(ByteBuffer from) {
        throw new NonWritableChannelException();
    }

    @Override
    public long position() throws IOException {
        return channel.position();
    }

    @Override
    public SeekableByteChannel position(long position) throws IOException {
        channel.position(position);
        return this;
    }

    @Override
    public long size() throws IOException {
        return channel.size();
    }

    @Override
    public SeekableByteChannel truncate(long size) {
        throw new NonWritableChannelException();
    }

    @Override
    public boolean isOpen() {
        return channel.isOpen();
    }

    @Override
    public void close() throws IOException {
        channel.close();
    }
}
