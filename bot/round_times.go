package bot

import (
	"slices"
	"time"
)

// How a time to meet is proposed.
const (
	chatLength = 25 * time.Minute
	chatStep   = 30 * time.Minute
	chatNotice = 4 * time.Hour // nothing is proposed sooner than this
	chatTimes  = 3
)

// ChatLength is how long a first chat takes; calendar entries are that long.
const ChatLength = chatLength

// meetingTimes proposes up to three instants at which everybody works for a whole chat, on the half hour and in order: one in each common stretch
// of hours, late in one and early in the next, and where there are fewer stretches than three a second one in a long stretch.
func meetingTimes(now, end time.Time, all []Hours) []time.Time {
	windows := commonWindows(now, end, all)
	var times []time.Time
	for i, w := range windows {
		if len(times) < chatTimes {
			times = append(times, w[len(w)*[]int{2, 6, 3}[i%3]/8])
		}
	}
	for _, w := range windows {
		for _, t := range []time.Time{w[0], w[len(w)-1]} {
			apart := !slices.ContainsFunc(times, func(o time.Time) bool { return o.Sub(t).Abs() < 2*time.Hour })
			if len(times) < chatTimes && apart {
				times = append(times, t)
			}
		}
	}
	slices.SortFunc(times, time.Time.Compare)
	return times
}

// commonWindows lists the stretches in which everybody works, as the instants in them at which a chat can begin.
func commonWindows(now, end time.Time, all []Hours) [][]time.Time {
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
			if n == chatTimes {
				break
			}
			windows = append(windows, []time.Time{t})
		}
		last = t
	}
	return windows
}
