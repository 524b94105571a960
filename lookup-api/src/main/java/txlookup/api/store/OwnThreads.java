package txlookup.api.store;

import java.util.concurrent.ThreadFactory;

/**
 * Threads that are nobody's request. They keep no process alive, and belong to no web application: one that a request
 * happened to start would look to Tomcat like a leak when it ends.
 */
public final class OwnThreads {
    private OwnThreads() {}

    public static ThreadFactory named(String name) {
        return task -> of(name, task);
    }

    public static Thread of(String name, Runnable task) {
        Thread thread = new Thread(task, name);
        thread.setDaemon(true);
        thread.setContextClassLoader(OwnThreads.class.getClassLoader());
        return thread;
    }
}
