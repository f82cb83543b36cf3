package main

import (
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
	labels     labels.Labels
	timestamps []int64
	floats     []float64
	// histograms is nil while every sample is a float; else histograms[i] is nil where sample i is a float.
	histograms []*histogram.FloatHistogram
}

// store holds all series in memory.
type store struct {
	all    *sortedSeries
	byHash map[uint64][]*series
	byName map[string]*sortedSeries
	// samples counts every sample held.
	samples int
}

func newStore() *store {
	return &store{all: &sortedSeries{}, byHash: map[uint64][]*series{}, byName: map[string]*sortedSeries{}}
}

// sortedSeries gives series by labels, so that no result depends on which was written first (topk keeps the first of equals).
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
		slices.SortFunc(s.list, func(a, b *series) int { return labels.Compare(a.labels, b.labels) })
		s.sorted = true
	}
	return s.list
}

// series returns the one with exactly these labels, creating it if it is not there yet.
func (s *store) series(lset labels.Labels) *series {
	hash := lset.Hash()
	for _, candidate := range s.byHash[hash] {
		if labels.Equal(candidate.labels, lset) {
			return candidate
		}
	}
	created := &series{labels: lset}
	s.byHash[hash] = append(s.byHash[hash], created)
	s.all.add(created)
	name := lset.Get(labels.MetricName)
	if s.byName[name] == nil {
		s.byName[name] = &sortedSeries{}
	}
	s.byName[name].add(created)
	return created
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
	to := s.series(lset)
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
