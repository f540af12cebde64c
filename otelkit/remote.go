package otelkit

import (
	"net/netip"
	"slices"
	"strings"
)

// remote is where a request comes from, as text; all is empty if it is not
// known or not wanted.
type remote struct {
	client string // of the client, as far as the proxies are trusted
	peer   string // of the other end of the connection
	port   int    // of that
}

// remoteOf reads the address of a connection, and what proxies say of the client.
func (c *serverConfig) remoteOf(addr string, forwarded []string) remote {
	if c.noClient {
		return remote{}
	}
	from, err := netip.ParseAddrPort(addr)
	if err != nil {
		return remote{}
	}
	peer := from.Addr().Unmap().WithZone("")
	text := addr[:strings.LastIndexByte(addr, ':')]
	if !from.Addr().Is4() { // which has one form only
		text = peer.String()
	}
	a := remote{client: text, peer: text, port: int(from.Port())}
	if c.trusts(peer) {
		if client := c.clientOf(peer, forwarded); client != peer {
			a.client = client.String()
		}
	}
	return a
}

// clientOf goes back through the hops that trusted proxies have written.
func (c *serverConfig) clientOf(peer netip.Addr, forwarded []string) netip.Addr {
	hops := strings.Split(strings.Join(forwarded, ","), ",")
	for _, hop := range slices.Backward(hops) {
		addr, err := netip.ParseAddr(strings.TrimSpace(hop))
		if err != nil {
			break
		}
		if peer = addr.Unmap().WithZone(""); !c.trusts(peer) {
			break
		}
	}
	return peer
}

func (c *serverConfig) trusts(addr netip.Addr) bool {
	return slices.ContainsFunc(c.trusted, func(p netip.Prefix) bool { return p.Contains(addr) })
}
