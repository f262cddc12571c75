import java.nio.file.Paths;
import java.util.Collections;
import java.util.List;
import org.opensearch.common.settings.Settings;
import org.opensearch.join.ParentJoinPlugin;
import org.opensearch.node.InternalSettingsPreparer;
import org.opensearch.transport.Netty4Plugin;

/** A single node of OpenSearch 2, for tests. Arguments: the port, and a folder for its data. */
class Node extends org.opensearch.node.Node {
    Node(Settings settings) {
        super(InternalSettingsPreparer.prepareEnvironment(settings, Collections.emptyMap(), null, () -> "tests"),
            List.of(Netty4Plugin.class, ParentJoinPlugin.class), false);
    }

    public static void main(String[] arguments) throws Exception {
        var settings = Settings.builder();
        settings.put("path.home", Paths.get(arguments[1]).toAbsolutePath());
        settings.put("http.port", arguments[0]).put("transport.port", "0").put("network.host", "127.0.0.1");
        settings.put("http.type", "netty4").put("transport.type", "netty4");
        settings.put("discovery.type", "single-node").put("cluster.name", "tests");
        settings.put("cluster.routing.allocation.disk.threshold_enabled", false);
        new Node(settings.build()).start();
        Thread.currentThread().join();
    }
}
