package bot

import (
	"slices"
	"time"
)

// How a time to meet is proposed.
const (
	chatLength  = 25 * time.Minute
	chatStep    = 30 * time.Minute
	chatNotice  = 4 * time.Hour // nothing is proposed sooner than this
	chatTimes   = 3
	chatApart   = 2 * time.Hour       // between two proposals on one day
	chatHorizon = 21 * 24 * time.Hour // who waits longer than this for a time forgets it
	chatWindows = 8                   // stretches of common hours that are looked at
)

// ChatLength is how long a first chat takes; calendar entries are that long.
const ChatLength = chatLength

// meetingTimes proposes up to three instants at which everybody works for a whole chat, on the half hour and in order: on different days, in the middle of one stretch
// of common hours, early in the next and late in another. Where there are fewer days than three, a long stretch gets a second one.
func meetingTimes(now, end time.Time, all []Hours) []time.Time {
	windows := commonWindows(now, end, all)
	var times []time.Time
	propose := func(t time.Time, fits func(other time.Time) bool) {
		if len(times) < chatTimes && !slices.ContainsFunc(times, func(o time.Time) bool { return !fits(o) }) {
			times = append(times, t)
		}
	}
	for _, w := range windows {
		t := w[len(w)*[]int{2, 6, 3}[len(times)%chatTimes]/8]
		propose(t, func(o time.Time) bool { return !dayShared(t, o, all) })
	}
	for _, w := range windows {
		for _, t := range []time.Time{w[0], w[len(w)-1]} {
			propose(t, func(o time.Time) bool { return o.Sub(t).Abs() >= chatApart })
		}
	}
	slices.SortFunc(times, time.Time.Compare)
	return times
}

// dayShared reports whether two instants are on one day for any of them.
func dayShared(a, b time.Time, all []Hours) bool {
	return slices.ContainsFunc(all, func(h Hours) bool { return h.Today(a) == h.Today(b) })
}

// commonWindows lists the next stretches in which everybody works, as the instants in them at which a chat can begin.
func commonWindows(now, end time.Time, all []Hours) [][]time.Time {
	if horizon := now.Add(chatHorizon); horizon.Before(end) {
		end = horizon
	}
	var windows [][]time.Time
	var last time.Time
	for t := now.Truncate(chatStep).Add(chatNotice); t.Before(end); t = t.Add(chatStep) {
		busy := slices.ContainsFunc(all, func(h Hours) bool { return !h.Open(t) || !h.Open(t.Add(chatLength-1)) })
		if busy {
			continue
		}
		if n := len(windows); n > 0 && t.Sub(last) == chatStep {
			windows[n-1] = append(windows[n-1], t)
		} else {
			if n == chatWindows {
				break
			}
			windows = append(windows, []time.Time{t})
		}
		last = t
	}
	return windows
}
