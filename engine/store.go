package main

import (
	"cmp"
	"fmt"
	"math"
	"slices"
	"sort"

	"github.com/prometheus/prometheus/model/histogram"
	"github.com/prometheus/prometheus/model/labels"
	"github.com/prometheus/prometheus/model/value"
	"github.com/prometheus/prometheus/storage"
)

// series is one time series: timestamps in ms since the epoch, strictly ascending, and a value each.
type series struct {
	labels labels.Labels
	// writer is the index of the rule that records it, or fromInput.
	writer int
	// bornMs is the tick at which it was first there, number its place among the noted series of a test, else 0.
	bornMs     int64
	number     int
	timestamps []int64
	floats     []float64
	// histograms is nil while every sample is a float; else histograms[i] is nil where sample i is a float.
	histograms []*histogram.FloatHistogram
	// hints is nil while there are no histograms.
	hints *resetHints
}

// fromInput marks series that no rule wrote.
const fromInput = -1

// store holds series in memory. It may lie above another one, whose series are seen through it and never changed by it.
type store struct {
	all    *sortedSeries
	byHash map[uint64][]*series
	byName map[string]*sortedSeries
	// samples counts every sample that was added to this store itself.
	samples int
	below   *store
	// hidden: what these rules wrote below is not seen; replaced: nor are these series, which are copied up here.
	hidden   map[int]bool
	replaced map[*series]bool
	// sharers are the rules that write into a series which input or another rule writes, too.
	sharers map[int]bool
}

func newStore(below *store) *store {
	return &store{
		all: &sortedSeries{}, byHash: map[uint64][]*series{}, byName: map[string]*sortedSeries{},
		below: below, hidden: map[int]bool{}, replaced: map[*series]bool{}, sharers: map[int]bool{},
	}
}

// held counts the samples that are in this store and below it.
func (s *store) held() int {
	if s == nil {
		return 0
	}
	return s.samples + s.below.held()
}

// sortedSeries gives series in the order in which they were born, as Prometheus does: topk keeps the first of equals. Those
// born at the same tick have the order of their writers; of input, that of the file, which promtool has most of the time;
// else that of their labels, which is left to chance there.
type sortedSeries struct {
	list   []*series
	sorted bool
}

func (s *sortedSeries) add(one *series) {
	s.list = append(s.list, one)
	s.sorted = false
}

func (s *sortedSeries) get() []*series {
	if s == nil {
		return nil
	}
	if !s.sorted {
		slices.SortFunc(s.list, byBirth)
		s.sorted = true
	}
	return s.list
}

func byBirth(a, b *series) int {
	return cmp.Or(
		cmp.Compare(a.bornMs, b.bornMs), cmp.Compare(a.writer, b.writer), cmp.Compare(a.number, b.number), labels.Compare(a.labels, b.labels),
	)
}

// named gives all series of a metric name, by birth.
func (s *store) named(name string) []*series {
	if s == nil {
		return nil
	}
	return s.above(s.below.named(name), s.byName[name].get())
}

// everySeries gives all series, by birth.
func (s *store) everySeries() []*series {
	if s == nil {
		return nil
	}
	return s.above(s.below.everySeries(), s.all.get())
}

// above merges what is visible of the store below with what is in this one.
func (s *store) above(below, own []*series) []*series {
	if len(below) == 0 {
		return own
	}
	if len(s.hidden)+len(s.replaced) == 0 && len(own) == 0 {
		return below
	}
	merged := make([]*series, 0, len(below)+len(own))
	for _, one := range below {
		if s.sees(one) {
			merged = append(merged, one)
		}
	}
	if len(own) > 0 {
		merged = append(merged, own...)
		slices.SortFunc(merged, byBirth)
	}
	return merged
}

func (s *store) sees(below *series) bool { return !s.hidden[below.writer] && !s.replaced[below] }

// find gives the series with exactly these labels, or nil.
func (s *store) find(lset labels.Labels, hash uint64) *series {
	for _, candidate := range s.byHash[hash] {
		if labels.Equal(candidate.labels, lset) {
			return candidate
		}
	}
	if s.below != nil {
		if found := s.below.find(lset, hash); found != nil && s.sees(found) {
			return found
		}
	}
	return nil
}

// series returns the one with exactly these labels for a rule (or fromInput) to write into, creating it at a tick if need be.
func (s *store) series(lset labels.Labels, writer int, tick int64) *series {
	hash := lset.Hash()
	found := s.find(lset, hash)
	if found != nil && found.writer != writer {
		s.sharers[found.writer], s.sharers[writer] = true, true
	}
	if found != nil && slices.Contains(s.byHash[hash], found) {
		return found
	}
	created := &series{labels: lset, writer: writer, bornMs: tick}
	if found != nil {
		*created = found.copy()
		s.replaced[found] = true
	}
	s.byHash[hash] = append(s.byHash[hash], created)
	s.all.add(created)
	name := lset.Get(labels.MetricName)
	if s.byName[name] == nil {
		s.byName[name] = &sortedSeries{}
	}
	s.byName[name].add(created)
	return created
}

// copy gives a series that can be written to without the original noticing: its slices are full, so that they move.
func (s *series) copy() series {
	n := len(s.timestamps)
	copied := *s
	copied.hints = nil
	copied.timestamps, copied.floats = s.timestamps[:n:n], s.floats[:n:n]
	if s.histograms != nil {
		copied.histograms = s.histograms[:n:n]
	}
	return copied
}

// append writes one sample as Prometheus' head does: a sample older than the newest one that is visible at
// `horizon` is refused, so is a different value for the same timestamp; the same value again is a no-op.
// Samples after the horizon are input that this moment of the timeline has not seen yet.
func (s *store) append(to *series, horizon, timestamp int64, f float64, h *histogram.FloatHistogram) error {
	visible := len(to.timestamps)
	if visible > 0 && to.timestamps[visible-1] > horizon {
		visible = sort.Search(visible, func(i int) bool { return to.timestamps[i] > horizon })
	}
	if visible > 0 {
		newest := visible - 1
		if to.timestamps[newest] > timestamp {
			return storage.ErrOutOfOrderSample
		}
		if to.timestamps[newest] == timestamp {
			if to.equals(newest, f, h) {
				return nil
			}
			return storage.ErrDuplicateSampleForTimestamp
		}
	}
	if h != nil && to.hints == nil {
		to.hints = &resetHints{}
	}
	if to.hints != nil {
		h = to.hints.give(timestamp, f, h)
	}
	to.insert(visible, timestamp, f, h)
	s.samples++
	return nil
}

func (s *series) equals(i int, f float64, h *histogram.FloatHistogram) bool {
	if held := s.histogram(i); held != nil || h != nil {
		return held != nil && h != nil && held.Equals(h)
	}
	return math.Float64bits(s.floats[i]) == math.Float64bits(f)
}

func (s *series) histogram(i int) *histogram.FloatHistogram {
	if s.histograms == nil {
		return nil
	}
	return s.histograms[i]
}

func (s *series) insert(at int, timestamp int64, f float64, h *histogram.FloatHistogram) {
	s.timestamps = insertAt(s.timestamps, at, timestamp)
	s.floats = insertAt(s.floats, at, f)
	if h != nil && s.histograms == nil {
		s.histograms = make([]*histogram.FloatHistogram, len(s.timestamps)-1)
	}
	if s.histograms != nil {
		s.histograms = insertAt(s.histograms, at, h)
	}
}

func insertAt[T any](slice []T, at int, item T) []T {
	slice = append(slice, item)
	copy(slice[at+1:], slice[at:])
	slice[at] = item
	return slice
}

// load fills the store with input. Every NaN becomes the ordinary one, so that only `stale` makes stale markers.
func (s *store) load(lset labels.Labels, timestamps []int64, values []float64, stale []int64) error {
	to := s.series(lset, fromInput, 0)
	if len(to.timestamps) > 0 {
		return fmt.Errorf("input series %s is given twice", lset)
	}
	for i, f := range values {
		if i > 0 && timestamps[i] <= timestamps[i-1] {
			return fmt.Errorf("input series %s: timestamps must ascend, %d ms follows %d ms", lset, timestamps[i], timestamps[i-1])
		}
		if math.IsNaN(f) {
			values[i] = math.Float64frombits(value.NormalNaN)
		}
	}
	// Full slices, so that appending to one series cannot overwrite its neighbour in the shared input.
	to.timestamps = timestamps[:len(timestamps):len(timestamps)]
	to.floats = values[:len(values):len(values)]
	s.samples += len(values)
	for _, timestamp := range stale {
		at := sort.Search(len(to.timestamps), func(i int) bool { return to.timestamps[i] >= timestamp })
		if at < len(to.timestamps) && to.timestamps[at] == timestamp {
			to.floats[at] = staleMarker
			continue
		}
		to.insert(at, timestamp, staleMarker, nil)
		s.samples++
	}
	return nil
}

// staleMarker is the NaN by which Prometheus says that a series has ended.
var staleMarker = math.Float64frombits(value.StaleNaN)
