package txlookup.cli.env;

import com.zaxxer.hikari.HikariDataSource;
import com.zaxxer.hikari.pool.HikariPool.PoolInitializationException;
import java.io.IOException;
import java.io.PrintWriter;
import java.net.URI;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;
import txlookup.azure.arm.ArmClient;
import txlookup.azure.arm.ArmId;
import txlookup.azure.arm.BearerToken;
import txlookup.azure.arm.Sleeper;
import txlookup.azure.blob.BlobFolder;
import txlookup.azure.destroy.plan.DestroyPlan;
import txlookup.azure.destroy.policy.Target;
import txlookup.azure.destroy.run.DestroyJournal;
import txlookup.azure.destroy.run.Destroyer;
import txlookup.azure.kept.KeptBlobs;
import txlookup.azure.recreate.Endpoints;
import txlookup.azure.recreate.Groundwork;
import txlookup.azure.recreate.WithinJob;
import txlookup.cli.audit.LastExport;
import txlookup.cli.options.ExitCode;
import txlookup.cli.options.ProfileOptions;
import txlookup.cli.options.StoreAccess;
import txlookup.cli.view.FollowedRun;
import txlookup.profiles.Profile;
import txlookup.profiles.Stage;
import txlookup.profiles.settings.DatabaseRole;

/** Exports the last rows of the audit before its server is deleted, once for each plan. */
record AuditBeforeDestruction(
        ProfileOptions options,
        DestroyPlan plan,
        DestroyJournal journal,
        String actor,
        boolean discard,
        PrintWriter out)
        implements Destroyer.LastLook {
    private static final String SERVERS = "Microsoft.DBforPostgreSQL/flexibleServers";

    @Override
    public Optional<String> obstacle() throws IOException, InterruptedException {
        List<ArmId> servers = plan.destroyed().stream()
                .map(verdict -> verdict.resource().id())
                .filter(id -> id.type().equalsIgnoreCase(SERVERS))
                .toList();
        if (journal.isAuditSettled() || servers.isEmpty()) {
            return Optional.empty();
        }
        if (discard) {
            out.println("  the audit is discarded");
        } else if (within().isPresent()) {
            Optional<String> obstacle = exportWithin(within().get());
            if (obstacle.isPresent()) {
                return obstacle;
            }
        } else {
            Profile profile = options.load();
            boolean isOfThePlan = profile.stage() != Stage.LOCAL
                    && Target.of(plan.target().subscription(), profile).equals(plan.target());
            if (!isOfThePlan) {
                return Optional.of(
                        "the profile is of %s/%s, and the plan of %s/%s, so the audit cannot be reached; give the profile and settings that the plan was made with, or pass --discard-audit"
                                .formatted(
                                        profile.naming().owner(),
                                        profile.naming().env(),
                                        plan.target().owner(),
                                        plan.target().env()));
            }
            for (ArmId server : servers) {
                Optional<String> obstacle = export(profile, server);
                if (obstacle.isPresent()) {
                    return obstacle;
                }
            }
        }
        journal.auditSettled();
        return Optional.empty();
    }

    private Optional<String> export(Profile profile, ArmId server) throws InterruptedException {
        try {
            Optional<String> address = Endpoints.addressOf(client(), server, profile);
            if (address.isEmpty()) {
                return Optional.empty();
            }
            try (HikariDataSource store = StoreAccess.control(
                    DatabaseRole.AUDITOR,
                    profile,
                    options.secrets(profile),
                    address.get(),
                    profile.database().statementTimeout())) {
                return new LastExport(store, profile.audit().exportTo(), out)
                        .run(LastExport.destroyed(
                                actor,
                                plan.target().owner() + "/" + plan.target().env(),
                                server.name()));
            }
        } catch (IOException | SQLException | PoolInitializationException e) {
            return Optional.of("the audit on %s cannot be read: %s; bring it within reach, or pass --discard-audit"
                    .formatted(server.name(), e.getMessage()));
        }
    }

    /** The blobs of an environment that has a job of its own for this. */
    private Optional<URI> within() throws IOException, InterruptedException {
        return new WithinJob(client(), plan.target(), Sleeper.real()).deployed().isEmpty()
                ? Optional.empty()
                : Groundwork.blobs(client(), plan.target(), Sleeper.real());
    }

    private Optional<String> exportWithin(URI account) throws IOException, InterruptedException {
        BlobFolder evidence = KeptBlobs.evidence(account);
        evidence.awaitAccess();
        FollowedRun run = new FollowedRun(
                client(),
                plan.target(),
                evidence,
                EnvCreator.journals(plan.target().owner(), plan.target().env()).resolve("evidence"),
                out);
        List<String> command =
                EnvWithin.carryOut(account, List.of("audit", "export", "--last", "--ordered-by", actor), List.of());
        WithinJob.Run deployed = run.job().deployed().orElseThrow();
        Optional<String> running = run.joined(deployed.image(), deployed.profile(), command);
        if (running.isEmpty()) {
            run.job().instruct(command);
        }
        int code = run.follow(running.isPresent() ? running.get() : run.start(command));
        return code == ExitCode.DONE
                ? Optional.empty()
                : Optional.of(
                        "the job within the environment did not export the audit, exit code %d; see its lines above, or pass --discard-audit"
                                .formatted(code));
    }

    private ArmClient client() {
        URI arm = URI.create(plan.endpoint());
        return new ArmClient(arm, BearerToken.forEndpoint(arm), Sleeper.real(), ArmClient.Limits.usual(), call -> {});
    }
}
