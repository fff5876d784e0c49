package bot

import (
	"context"
	"maps"
	"slices"
	"strings"
	"time"
)

// reportTown keeps reports as strictly as the real store.
type reportTown struct {
	reports map[string]Report // by kudos and author
	made    map[string]int    // by author and day
	notes   []ReportNote
}

func (w *kudosTown) AddReport(_ context.Context, token Token, k Kudos, rep Report, q KudosQuota, intents Intents) error {
	if w.failing != nil {
		return w.failing
	}
	if faster := w.before; faster != nil {
		w.before = nil
		faster()
	}
	if _, came := w.tokens[token]; came {
		return ErrRepeated
	}
	if w.kudos[k.ID].Version != k.Version {
		return ErrConflict
	}
	day := rep.By + q.Day.String()
	if w.made[day] >= q.Limit {
		return ErrLimit
	}
	if w.reports == nil {
		w.reports, w.made = map[string]Report{}, map[string]int{}
	}
	k.Version++
	rep.Version = 1
	w.made[day]++
	w.tokens[token], w.kudos[k.ID], w.reports[k.ID+" "+rep.By] = k.ID, k, rep
	w.insert(intents)
	return nil
}

func (w *kudosTown) Reports(_ context.Context, kudos string, by ...string) ([]Report, error) {
	var list []Report
	for _, member := range by {
		if rep, ok := w.reports[kudos+" "+member]; ok {
			list = append(list, rep)
		}
	}
	slices.SortFunc(list, func(a, b Report) int { return a.At.Compare(b.At) })
	return list, nil
}

func (w *kudosTown) SettleReports(ctx context.Context, token Token, k *Kudos, quota *KudosQuota, list []Report, note ReportNote, intents Intents) error {
	for _, rep := range list {
		if w.reports[rep.Kudos+" "+rep.By].Version != rep.Version {
			return ErrConflict
		}
	}
	if k != nil {
		if err := w.ReplaceKudos(ctx, token, *k, quota, nil); err != nil {
			return err
		}
	} else if _, came := w.tokens[token]; came {
		return ErrRepeated
	}
	w.tokens[token] = ""
	for _, rep := range list {
		rep.Version++
		w.reports[rep.Kudos+" "+rep.By] = rep
	}
	w.notes = append(w.notes, note)
	w.insert(intents)
	return nil
}

func (w *kudosTown) AllMembers(context.Context) ([]Member, error) {
	return slices.SortedFunc(maps.Values(w.scene.Members), func(a, b Member) int { return strings.Compare(a.ID, b.ID) }), nil
}

func (w *kudosTown) KudosUntil(_ context.Context, member string, given bool, until time.Time, limit int) ([]Kudos, bool, error) {
	list := w.thatAre(func(k Kudos) bool {
		mine := k.Giver == member
		if !given {
			mine = slices.Contains(k.Recipients, member)
		}
		return mine && (until.IsZero() || !k.Given.After(until))
	})
	slices.Reverse(list)
	return list[:min(limit, len(list))], len(list) >= limit, nil
}
