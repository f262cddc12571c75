package tests;

import java.util.Collection;
import java.util.List;
import java.util.function.Predicate;
import java.util.function.Supplier;
import org.elasticsearch.Build;
import org.elasticsearch.client.internal.node.NodeClient;
import org.elasticsearch.cluster.metadata.IndexNameExpressionResolver;
import org.elasticsearch.cluster.node.DiscoveryNodes;
import org.elasticsearch.common.io.stream.NamedWriteableRegistry;
import org.elasticsearch.common.settings.ClusterSettings;
import org.elasticsearch.common.settings.IndexScopedSettings;
import org.elasticsearch.common.settings.Settings;
import org.elasticsearch.common.settings.SettingsFilter;
import org.elasticsearch.features.NodeFeature;
import org.elasticsearch.plugins.ActionPlugin;
import org.elasticsearch.plugins.Plugin;
import org.elasticsearch.rest.BaseRestHandler;
import org.elasticsearch.rest.RestController;
import org.elasticsearch.rest.RestHandler;
import org.elasticsearch.rest.RestRequest;
import org.elasticsearch.rest.RestResponse;
import org.elasticsearch.rest.RestStatus;

/** Says on "/" which version this is. The product has a module for it, which is in no registry of packages. */
public class Greeting extends Plugin implements ActionPlugin {
    @Override
    public Collection<RestHandler> getRestHandlers(Settings s, NamedWriteableRegistry w, RestController c,
            ClusterSettings cs, IndexScopedSettings is, SettingsFilter f, IndexNameExpressionResolver r,
            Supplier<DiscoveryNodes> n, Predicate<NodeFeature> p) {
        return List.of(new BaseRestHandler() {
            @Override
            public String getName() {
                return "greeting";
            }

            @Override
            public List<Route> routes() {
                return List.of(new Route(RestRequest.Method.GET, "/"));
            }

            @Override
            protected RestChannelConsumer prepareRequest(RestRequest request, NodeClient client) {
                String version = "{\"version\":{\"number\":\"" + Build.current().version() + "\"}}";
                return channel -> channel.sendResponse(new RestResponse(RestStatus.OK, "application/json", version));
            }
        });
    }
}
