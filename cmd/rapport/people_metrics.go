package main

import (
	"context"
	"time"

	"github.com/prometheus/client_golang/prometheus"

	"rapport/bot"
)

// syncReader is what the gauge of the directory reads.
type syncReader interface {
	DirectorySync(ctx context.Context) (bot.DirectorySync, error)
}

// directoryGauge says how old the copy of Slack's directory is. It is the same in every process on a store.
type directoryGauge struct {
	store syncReader
	now   func() time.Time
}

var descDirectory = ledgerGauge("rapport_directory_age_seconds",
	"How long ago Slack's directory was last read to its end, which happens every night; left out before the first time, or if the store does not answer.")

// Describe implements [prometheus.Collector].
func (g *directoryGauge) Describe(into chan<- *prometheus.Desc) { into <- descDirectory }

// Collect implements [prometheus.Collector].
func (g *directoryGauge) Collect(into chan<- prometheus.Metric) {
	ctx, cancel := context.WithTimeout(context.Background(), gaugeTime) // a collector is given none
	defer cancel()
	mark, err := g.store.DirectorySync(ctx)
	if err != nil || mark.Whole.IsZero() {
		return
	}
	into <- prometheus.MustNewConstMetric(descDirectory, prometheus.GaugeValue, g.now().Sub(mark.Whole).Seconds())
}
