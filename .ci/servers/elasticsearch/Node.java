import java.nio.file.Paths;
import java.util.Collections;
import org.elasticsearch.common.logging.LogConfigurator;
import org.elasticsearch.common.settings.Settings;
import org.elasticsearch.node.InternalSettingsPreparer;
import org.elasticsearch.plugins.PluginsLoader;

/** A single node of Elasticsearch 8, for tests. Arguments: the port, and a folder with its modules, for its data. */
class Node {
    public static void main(String[] arguments) throws Exception {
        LogConfigurator.configureESLogging();
        var settings = Settings.builder();
        settings.put("path.home", Paths.get(arguments[1]).toAbsolutePath());
        settings.put("http.port", arguments[0]).put("transport.port", "0").put("network.host", "127.0.0.1");
        settings.put("discovery.type", "single-node").put("cluster.name", "tests");
        settings.put("cluster.routing.allocation.disk.threshold_enabled", false);
        var environment =
            InternalSettingsPreparer.prepareEnvironment(settings.build(), Collections.emptyMap(), null, () -> "tests");
        var bundles = PluginsLoader.loadModulesBundles(environment.modulesDir());
        var loader = PluginsLoader.createPluginsLoader(bundles, Collections.emptySet(), Collections.emptyMap(), false);
        new org.elasticsearch.node.Node(environment, loader).start();
        Thread.currentThread().join();
    }
}
