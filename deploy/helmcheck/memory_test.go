package helmcheck

import (
	"slices"
	"testing"
	"time"

	"github.com/prometheus/prometheus/model/histogram"
	"github.com/prometheus/prometheus/model/labels"
	"github.com/prometheus/prometheus/storage"
	"github.com/prometheus/prometheus/tsdb/chunkenc"
	"github.com/prometheus/prometheus/tsdb/chunks"
	"github.com/prometheus/prometheus/util/annotations"
)

// begin is the first minute of every course.
var begin = time.Date(2026, 3, 2, 9, 0, 0, 0, time.UTC)

// memory is what Prometheus would have scraped, one sample a minute. It satisfies [storage.Queryable].
type memory []storage.Series

func newMemory(t *testing.T, courses map[string]course, minutes int) memory {
	t.Helper()
	var m memory
	for name, c := range courses {
		lset, err := newParser().ParseMetric(name)
		if err != nil {
			t.Fatal(err)
		}
		samples := make([]chunks.Sample, minutes)
		for minute := range minutes {
			samples[minute] = point{at: begin.Add(time.Duration(minute) * time.Minute).UnixMilli(), value: c(minute)}
		}
		m = append(m, storage.NewListSeries(lset, samples))
	}
	return m
}

func (m memory) Querier(int64, int64) (storage.Querier, error) {
	return &storage.MockQuerier{SelectMockFunction: func(_ bool, _ *storage.SelectHints, matchers ...*labels.Matcher) storage.SeriesSet {
		chosen := slices.DeleteFunc(slices.Clone(m), func(s storage.Series) bool {
			return slices.ContainsFunc(matchers, func(match *labels.Matcher) bool { return !match.Matches(s.Labels().Get(match.Name)) })
		})
		slices.SortFunc(chosen, func(a, b storage.Series) int { return labels.Compare(a.Labels(), b.Labels()) })
		return &set{series: chosen, at: -1}
	}}, nil
}

// set walks over chosen series.
type set struct {
	series []storage.Series
	at     int
}

func (s *set) Next() bool                        { s.at++; return s.at < len(s.series) }
func (s *set) At() storage.Series                { return s.series[s.at] }
func (s *set) Err() error                        { return nil }
func (s *set) Warnings() annotations.Annotations { return nil }

// point is one sample of a plain number.
type point struct {
	at    int64
	value float64
}

func (p point) T() int64                      { return p.at }
func (p point) ST() int64                     { return 0 }
func (p point) F() float64                    { return p.value }
func (p point) H() *histogram.Histogram       { return nil }
func (p point) FH() *histogram.FloatHistogram { return nil }
func (p point) Type() chunkenc.ValueType      { return chunkenc.ValFloat }
func (p point) Copy() chunks.Sample           { return p }
