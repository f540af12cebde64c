package main

import (
	"encoding/binary"
	"fmt"
	"hash/crc32"
	"math"
	"math/rand/v2"
	"slices"
	"strconv"
	"time"
)

// table is the costs and sizes as rows.
func (m measured) table() [][]string {
	rows := [][]string{{"", "records/s and core", "CPU a record", "memory at most"}}
	for _, c := range m.costs {
		rows = append(rows, []string{
			c.name + ", " + string(c.signal), thousands(c.perCore()), fmt.Sprintf("%.1f µs", float64(c.cpu)/1e3), fmt.Sprintf("%d MiB", c.peak),
		})
	}
	return rows
}

// outages is what an agent writes while its gateways are away.
func (m measured) outages() [][]string {
	rows := [][]string{{"", "encoded", "on the wire, gzip", "on disk", "a minute at 1,000/s", "30 minutes at 1,000/s"}}
	for _, s := range []signal{logRecords, spans} {
		z := m.sizes[s]
		rows = append(rows, []string{
			string(s), fmt.Sprintf("%.0f B", z.raw), fmt.Sprintf("%.0f B", z.gzip), fmt.Sprintf("%.0f B", z.disk),
			amount(z.disk * 1000 * 60), amount(z.disk * 1000 * 60 * 30),
		})
	}
	return rows
}

func (m measured) cost(name string, s signal) time.Duration {
	for _, c := range m.costs {
		if c.name == name && c.signal == s {
			return c.cpu
		}
	}
	panic("no measurement of " + name)
}

// fleet is what a plan starts from.
type fleet struct {
	services, hosts int
	records         float64 // a second
	spanShare       float64 // of the records
	spansOfTrace    float64
	kept            float64 // of the traces
	cores           float64 // of a gateway
	busy            float64 // of them in use, the rest for peaks and a lost neighbour
	duration        float64 // mean of a trace in seconds
	afterRoot       float64 // GATEWAY_WAIT_AFTER_ROOT in seconds
	outage          time.Duration
}

var large = fleet{
	services: 1000, hosts: 2000, records: 10e6, spanShare: 0.3, spansOfTrace: 10, kept: 0.15,
	cores: 8, busy: 0.6, duration: 0.5, afterRoot: 5, outage: 30 * time.Minute,
}

// gateways is how many there must be.
func (f fleet) gateways(m measured) int {
	cores := f.records * (f.spanShare*m.cost("gateway.yaml", spans).Seconds() + (1-f.spanShare)*m.cost("gateway.yaml", logRecords).Seconds())
	return int(math.Ceil(cores / (f.cores * f.busy)))
}

// plan is the fleet as rows: what, how much, and how it was reckoned.
func (f fleet) plan(m measured) [][]string {
	n := f.gateways(m)
	perRecord := func(of func(size) float64) float64 {
		return f.spanShare*of(m.sizes[spans]) + (1-f.spanShare)*of(m.sizes[logRecords])
	}
	spanRate, logRate := f.records*f.spanShare, f.records*(1-f.spanShare)
	agentCores := func(row string) float64 {
		return spanRate*m.cost(row, spans).Seconds() + logRate*m.cost(row, logRecords).Seconds()
	}
	bare, walled := agentCores("+ agent-fleet.yaml"), agentCores("+ both")
	wire := f.records * perRecord(func(z size) float64 { return z.gzip })
	out := f.kept*spanRate*m.sizes[spans].gzip + logRate*m.sizes[logRecords].gzip
	disk := f.records * perRecord(func(z size) float64 { return z.disk }) * f.outage.Seconds()
	busiest := f.simulate(n)
	hosts := float64(f.hosts)
	return [][]string{
		{"", "in all", "each", "reckoned"},
		{"records", thousands(f.records) + "/s", thousands(f.records/float64(f.services)) + "/s a service", fmt.Sprintf("%.0f %% spans, %.0f to a trace", 100*f.spanShare, f.spansOfTrace)},
		{"agents", strconv.Itoa(f.hosts), fmt.Sprintf("%s/s, %.2f cores", thousands(f.records/hosts), bare/hosts), fmt.Sprintf("one a host; %.0f cores in all", bare)},
		{"with redaction.yaml", strconv.Itoa(f.hosts), fmt.Sprintf("%s/s, %.2f cores", thousands(f.records/hosts), walled/hosts), fmt.Sprintf("%.0f cores in all", walled)},
		{"gateways", strconv.Itoa(n), fmt.Sprintf("%.0f cores, %s/s", f.cores, thousands(f.records/float64(n))), fmt.Sprintf("%.0f %% busy", 100*f.busy)},
		{"network, agents to gateways", amount(wire) + "/s", amount(wire/float64(n)) + "/s a gateway", "gzip"},
		{"network, gateways to backends", amount(out) + "/s", amount(out/float64(n)) + "/s a gateway", fmt.Sprintf("%.0f %% of traces, all log lines", 100*f.kept)},
		{"traces that wait", thousands(busiest.mean * float64(n)), thousands(busiest.most) + " on the busiest", "simulated; GATEWAY_TRACES above it"},
		{"memory for them", amount(busiest.mean * float64(n) * f.spansOfTrace * m.waiting), amount(busiest.most*f.spansOfTrace*m.waiting) + " on the busiest", fmt.Sprintf("%.0f B a span; GATEWAY_MEMORY_MIB at twice that", m.waiting)},
		{"disk, no gateway for " + f.outage.String(), amount(disk), amount(disk/hosts) + " an agent", fmt.Sprintf("AGENT_QUEUE=%.0f", math.Max(spanRate, logRate)/hosts*f.outage.Seconds())},
		{"a gateway's queue of 4,000,000", "", fmt.Sprintf("%.0f s of log lines, %s", 4e6/(logRate/float64(n)), amount(4e6*m.sizes[logRecords].disk)), "then the agents hold the backends' outage, too"},
	}
}

// waiting is how many traces wait on a gateway.
type waiting struct{ mean, most float64 }

// simulate lets traces come to n gateways for half a minute: at random times,
// with durations of a long tail (log-normal, sigma 1.5), spread by the agents'
// ring. A trace waits from its first span until its root has been here for
// afterRoot, unless it is kept: that is decided as it comes. It plays one trace
// of a thousand and counts it so often.
func (f fleet) simulate(n int) (w waiting) {
	const seconds, weight, sigma = 30, 1000, 1.5
	random := rand.New(rand.NewPCG(1, 2)) //nolint:gosec // the same in every run
	ring := newRing(n)
	rate := f.records * f.spanShare / f.spansOfTrace / weight
	mu := math.Log(f.duration) - sigma*sigma/2
	now := make([]float64, n) // at the last second
	for range int(rate * seconds) {
		if random.Float64() < f.kept {
			continue
		}
		begin := random.Float64() * seconds
		if end := begin + math.Exp(mu+sigma*random.NormFloat64()) + f.afterRoot; end > seconds {
			id := binary.BigEndian.AppendUint64(binary.BigEndian.AppendUint64(nil, random.Uint64()), random.Uint64())
			now[ring.gateway(id)] += weight
		}
	}
	for _, traces := range now {
		w.mean += traces / float64(n)
	}
	return waiting{w.mean, slices.Max(now)}
}

// balance is how much more than its share the busiest of n gateways gets.
func balance() [][]string {
	rows := [][]string{{"gateways", "busiest", "least busy"}}
	for _, n := range []int{2, 5, 10, 50, 100, 200, 500} {
		shares := newRing(n).shares()
		rows = append(rows, []string{strconv.Itoa(n), fmt.Sprintf("%.0f %%", 100*slices.Max(shares)*float64(n)), fmt.Sprintf("%.0f %%", 100*slices.Min(shares)*float64(n))})
	}
	return rows
}

// ring is the consistent hash ring of the loadbalancing exporter 0.158: 131071
// positions, 200 for each gateway, CRC-32 (IEEE) of the address and of the
// trace id. Two gateways with the same position try the next free ones, of
// which there are enough up to some 500 gateways.
type ring struct {
	owner []int // of each position: a gateway
	n     int
}

const positions, points, probes = 131071, 200, 10

func newRing(n int) ring {
	taken := make([]int, positions)
	for i := range taken {
		taken[i] = -1
	}
	for g := range n {
		address := fmt.Sprintf("10.0.%d.%d:4317", g/250, g%250+1)
		for point := range points {
			at := crc32.ChecksumIEEE(binary.LittleEndian.AppendUint32([]byte(address), uint32(point))) % positions //nolint:gosec // below 200
			for try := range uint32(probes) {
				if p := (at + try) % positions; taken[p] < 0 {
					taken[p] = g
					break
				}
			}
		}
	}
	// What is not taken belongs to the next one that is, all around.
	next := -1
	for i := 2*positions - 1; i >= 0; i-- {
		if g := taken[i%positions]; g >= 0 {
			next = g
		} else if i < positions {
			taken[i] = next
		}
	}
	return ring{taken, n}
}

func (r ring) gateway(traceID []byte) int { return r.owner[crc32.ChecksumIEEE(traceID)%positions] }

// shares is which part of the ring each gateway has.
func (r ring) shares() []float64 {
	shares := make([]float64, r.n)
	for _, g := range r.owner {
		shares[g] += 1.0 / positions
	}
	return shares
}

// thousands writes a number as people read it, with two or three digits that count.
func thousands(v float64) string {
	switch {
	case v >= 10e6:
		return fmt.Sprintf("%.0f M", v/1e6)
	case v >= 1e6:
		return fmt.Sprintf("%.1f M", v/1e6)
	case v >= 10e3:
		return fmt.Sprintf("%.0f,000", v/1e3)
	default:
		return fmt.Sprintf("%.0f", v)
	}
}

func amount(bytes float64) string {
	for _, unit := range []string{"B", "KiB", "MiB", "GiB"} {
		if bytes < 1000 {
			return fmt.Sprintf("%.3g %s", bytes, unit)
		}
		bytes /= 1024
	}
	return fmt.Sprintf("%.3g TiB", bytes)
}
