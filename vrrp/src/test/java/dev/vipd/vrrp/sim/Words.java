package dev.vipd.vrrp.sim;

import dev.vipd.vrrp.VirtualRouter;
import dev.vipd.vrrp.VirtualRouterConfig;
import dev.vipd.vrrp.VrrpEffect;
import dev.vipd.vrrp.VrrpEvent;
import dev.vipd.vrrp.VrrpReport;
import dev.vipd.vrrp.wire.Advertisement;
import dev.vipd.vrrp.wire.DecodeResult;
import java.util.List;
import java.util.stream.Collectors;

/** A trace is to be read by people: the records as they print themselves would fill a screen with each line. */
final class Words {
    private Words() {}

    static String of(SimHost host, VrrpEvent event, VirtualRouter router, List<VrrpEffect> effects) {
        return "host " + host.id() + "  " + of(event) + " -> " + router.state()
                + effects.stream().map(effect -> ", " + of(effect)).collect(Collectors.joining());
    }

    static String of(VirtualRouterConfig config) {
        return config.sourceAddress().orElseThrow() + " v" + config.version() + " priority " + config.priority()
                + " interval " + ms(config.advertIntervalNs()) + ", " + config.election() + ", "
                + config.addresses().size() + " VIPs, " + config.tracking().tracks();
    }

    private static String of(VrrpEvent event) {
        return switch (event) {
            case VrrpEvent.PacketReceived(DecodeResult.Decoded heard) ->
                "hears " + of(heard.advert()) + " of " + heard.source() + " to " + heard.destination();
            case VrrpEvent.PacketReceived(DecodeResult.Rejected rejected) ->
                "hears " + rejected.kind() + " (" + rejected.detail() + ")";
            case VrrpEvent.Reconfigured(VirtualRouterConfig config, int priority) ->
                "reload " + of(config) + ", effective priority " + priority;
            case VrrpEvent other -> other.toString();
        };
    }

    private static String of(VrrpEffect effect) {
        return switch (effect) {
            case VrrpEffect.SendAdvert advert -> "send " + of(advert.advert());
            case VrrpEffect.AddHoldings(var items) -> "add " + items;
            case VrrpEffect.RemoveHoldings(var items) -> "remove " + items;
            case VrrpEffect.Announce announce -> "announce " + announce.round();
            case VrrpEffect.Report(VrrpReport.StateChanged change) -> "is " + change.to() + " since " + change.why();
            case VrrpEffect.Report(VrrpReport.AdvertHeard _), VrrpEffect.Report(VrrpReport.AdvertSent _) -> "log";
            case VrrpEffect.Report(VrrpReport report) -> report.toString();
        };
    }

    private static String of(Advertisement advert) {
        return "v" + advert.version() + " VRID " + advert.virtualRouterId() + " priority " + advert.priority()
                + " interval " + ms(advert.advertIntervalNs());
    }

    private static String ms(long ns) {
        return ns / 1_000_000 + " ms";
    }
}
