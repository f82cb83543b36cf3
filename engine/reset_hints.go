package main

import (
	"math"

	"github.com/prometheus/prometheus/model/histogram"
	"github.com/prometheus/prometheus/model/value"
	"github.com/prometheus/prometheus/tsdb/chunkenc"
)

// resetHints knows what a stored native histogram says about counter resets. Prometheus keeps that in its chunks, not in
// the sample: the first histogram of a chunk says nothing, those after it that there was no reset. So this begins chunks
// where Prometheus' head does (histogramsAppendPreprocessor and appendFloatHistogram in tsdb/head_append.go).
type resetHints struct {
	chunk    chunkenc.Chunk
	appender chunkenc.Appender
	// The times (ms) of the chunk's first and last sample, and that from which on a sample belongs to the next chunk.
	firstMs, lastMs, nextMs int64
	// predicted: nextMs was worked out from how fast chunks fill.
	predicted bool
}

// chunkRangeMs is the day that a chunk may span in promtool (util/teststorage/storage.go); a server's are shorter.
const chunkRangeMs = 24 * 60 * 60 * 1000

// give takes the samples of a series one after another, and gives a histogram with the hint that is read back.
func (r *resetHints) give(timestampMs int64, f float64, h *histogram.FloatHistogram) *histogram.FloatHistogram {
	if h != nil {
		hint := r.append(timestampMs, h)
		if hint != h.CounterResetHint {
			h = h.Copy()
			h.CounterResetHint = hint
		}
	} else if r.chunk != nil && value.IsStaleNaN(f) {
		r.append(timestampMs, &histogram.FloatHistogram{Sum: f})
	} else if r.chunk != nil {
		*r = resetHints{}
	}
	return h
}

func (r *resetHints) append(timestampMs int64, h *histogram.FloatHistogram) histogram.CounterResetHint {
	first := r.chunk == nil || r.full(timestampMs)
	if first {
		fresh := chunkenc.NewFloatHistogramChunk()
		r.appender, _ = fresh.Appender()
		r.begin(fresh, timestampMs)
		r.predicted = false
	}
	// The appender may widen the buckets of what it is given.
	replaced, recoded, appender, err := r.appender.AppendFloatHistogram(nil, 0, timestampMs, h.Copy(), false)
	if err != nil {
		return histogram.UnknownCounterReset
	}
	r.appender, r.lastMs = appender, timestampMs
	if recoded {
		r.chunk = replaced
	} else if replaced != nil {
		first = true
		r.begin(replaced, timestampMs)
	}
	switch {
	case h.CounterResetHint == histogram.GaugeType:
		return histogram.GaugeType
	case first:
		return histogram.UnknownCounterReset
	}
	return histogram.NotCounterReset
}

func (r *resetHints) begin(chunk chunkenc.Chunk, timestampMs int64) {
	r.chunk, r.firstMs, r.nextMs = chunk, timestampMs, endOfChunkRange(timestampMs)
}

// full says whether a sample at this time begins a new chunk although it would fit the samples of this one.
func (r *resetHints) full(timestampMs int64) bool {
	bytes := len(r.chunk.Bytes())
	rangeEndMs := r.nextMs
	if r.predicted {
		rangeEndMs = endOfChunkRange(r.firstMs)
	} else if bytes >= chunkenc.TargetBytesPerHistogramChunk/4 {
		r.nextMs, r.predicted = r.predictEnd(bytes), true
	}
	due := timestampMs >= r.nextMs || bytes >= 2*chunkenc.TargetBytesPerHistogramChunk
	return due && (r.chunk.NumSamples() >= chunkenc.MinSamplesPerHistogramChunk || timestampMs >= rangeEndMs)
}

// predictEnd spreads the samples of the chunk's range evenly over the chunks that it will take (computeChunkEndTime).
func (r *resetHints) predictEnd(bytes int) int64 {
	ratioToFull := chunkenc.TargetBytesPerHistogramChunk / float64(bytes)
	chunks := float64(r.nextMs-r.firstMs) / (float64(r.lastMs-r.firstMs+1) * ratioToFull)
	if chunks <= 1 {
		return r.nextMs
	}
	return int64(float64(r.firstMs) + float64(r.nextMs-r.firstMs)/math.Floor(chunks))
}

func endOfChunkRange(timestampMs int64) int64 {
	return timestampMs/chunkRangeMs*chunkRangeMs + chunkRangeMs
}
