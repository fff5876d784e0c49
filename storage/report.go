package storage

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"rapport/bot"
)

// sealedReport is a report as it is stored: what its author said is sealed.
type sealedReport struct {
	bot.Report
	Sealed string `json:"sealed,omitempty"`
}

// reportID names a report: somebody reports a kudos once.
func reportID(kudos, by string) string { return kudos + " " + by }

// reportPlace binds sealed words to their report.
func (s *Store) reportPlace(rep bot.Report) string {
	return s.keys.prefix + nounReport + " " + reportID(rep.Kudos, rep.By)
}

func (s *Store) sealReport(rep bot.Report) (sealedReport, error) {
	stored := sealedReport{Report: rep, Sealed: rep.Unreadable}
	if rep.Words == "" {
		return stored, nil
	}
	var err error
	stored.Words = ""
	stored.Sealed, err = s.seals.seal([]byte(rep.Words), s.reportPlace(rep))
	return stored, err
}

// openReport reads a stored report. Words that no key opens are said to be so: the report still has to be looked at.
func (s *Store) openReport(stored sealedReport) (bot.Report, error) {
	if stored.Sealed == "" {
		return stored.Report, nil
	}
	words, err := s.seals.open(stored.Sealed, s.reportPlace(stored.Report))
	switch {
	case errors.Is(err, errSealed):
		stored.Unreadable = stored.Sealed
	case err != nil:
		return bot.Report{}, fmt.Errorf("read report of kudos %q: %w", stored.Kudos, err)
	default:
		stored.Words = string(words)
	}
	return stored.Report, nil
}

// putReport adds the writing of a report to a change, as one version higher than it is.
func (s *Store) putReport(c *change, rep bot.Report) error {
	was := rep.Version
	rep.Version++
	stored, err := s.sealReport(rep)
	if err != nil {
		return err
	}
	id := reportID(rep.Kudos, rep.By)
	c.op("ZADD", s.keys.reportsMade(), millis(rep.At), id)
	return c.put(s.keys.sharded(nounReport, id), id, was, stored)
}

// AddReport implements [bot.ReportStore].
func (s *Store) AddReport(ctx context.Context, token bot.Token, k bot.Kudos, rep bot.Report, q bot.KudosQuota, intents bot.Intents) error {
	c := s.change()
	c.ID = k.ID
	c.once(token)
	if err := s.replaceKudos(c, k); err != nil {
		return err
	}
	if err := s.putReport(c, rep); err != nil {
		return err
	}
	c.count(s.keys.quota(), reportsBy(rep.By), q.Day, 1, q.Limit)
	c.send(intents)
	return s.commit(ctx, c)
}

// replaceKudos adds the writing of a kudos in place of its version to a change.
func (s *Store) replaceKudos(c *change, k bot.Kudos) error {
	was := k.Version
	k.Version++
	if err := s.putKudos(c, was, k); err != nil {
		return err
	}
	s.indexKudos(c, k)
	return nil
}

// reportsBy is the field of the day's counts that counts what a member reported, beside the one of their kudos. It goes with its day.
func reportsBy(member string) string { return "reports " + member }

// Reports implements [bot.ReportStore], in one round trip.
func (s *Store) Reports(ctx context.Context, kudos string, by ...string) ([]bot.Report, error) {
	ids := make([]string, len(by))
	for i, member := range by {
		ids[i] = reportID(kudos, member)
	}
	found, err := getObjects[sealedReport](ctx, s, nounReport, ids)
	if err != nil {
		return nil, err
	}
	list := make([]bot.Report, 0, len(found))
	for _, stored := range found {
		rep, err := s.openReport(stored)
		if err != nil {
			return nil, err
		}
		list = append(list, rep)
	}
	slices.SortFunc(list, func(a, b bot.Report) int { return cmp.Or(a.At.Compare(b.At), cmp.Compare(a.By, b.By)) })
	return list, nil
}

// SettleReports implements [bot.ReportStore].
func (s *Store) SettleReports(
	ctx context.Context, token bot.Token, k *bot.Kudos, quota *bot.KudosQuota, list []bot.Report, note bot.ReportNote, intents bot.Intents,
) error {
	c := s.change()
	c.once(token)
	if k != nil {
		c.ID = k.ID
		if err := s.replaceKudos(c, *k); err != nil {
			return err
		}
		if quota != nil {
			c.count(s.keys.quota(), k.Giver, quota.Day, -1, quota.Limit)
		}
	}
	for _, rep := range list {
		if err := s.putReport(c, rep); err != nil {
			return err
		}
	}
	if err := c.note(AuditEntry{At: c.now, By: note.By, What: note.What, Of: note.Of, Call: s.call()}); err != nil {
		return err
	}
	c.send(intents)
	return s.commit(ctx, c)
}

// KudosUntil implements [bot.KudosLister], in one round trip.
func (s *Store) KudosUntil(ctx context.Context, member string, given bool, until time.Time, limit int) ([]bot.Kudos, bool, error) {
	r := span{index: s.keys.kudosTo(member), lowest: "-inf", limit: limit, down: true}
	belongs := func(k bot.Kudos) bool { return slices.Contains(k.Recipients, member) }
	if given {
		r.index, belongs = s.keys.kudosBy(member), func(k bot.Kudos) bool { return k.Giver == member }
	}
	if !until.IsZero() {
		r.high = strconv.FormatInt(ceilMillis(until), 10)
	}
	objects, err := s.list(ctx, nounKudos, r)
	if err != nil {
		return nil, false, err
	}
	list, err := s.readKudos(objects, belongs)
	return list, len(objects) >= limit, err
}

// forgetReports deletes reports that were made before an instant.
func (s *Store) forgetReports(ctx context.Context, before time.Time) (int, error) {
	return s.forgetOlder(ctx, s.keys.reportsMade(), before, func(ids []string) (int, error) { return s.deleteReports(ctx, ids) })
}

// deleteReports deletes reports with their places in the index, without opening them.
func (s *Store) deleteReports(ctx context.Context, ids []string) (int, error) {
	old, err := getObjects[sealedReport](ctx, s, nounReport, ids)
	if err != nil {
		return 0, err
	}
	c := s.change()
	for _, id := range ids {
		c.op("ZREM", s.keys.reportsMade(), id)
	}
	for id, stored := range old {
		c.remove(s.keys.sharded(nounReport, id), id, stored.Version)
	}
	if err := s.commit(ctx, c); err != nil {
		return 0, err
	}
	return len(old), nil
}

// forgetReportsOf deletes what a member reported, and what was reported of their kudos. There are few reports at any time, so all are looked through.
func (s *Store) forgetReportsOf(ctx context.Context, member string) error {
	ids, err := s.rdb.ZRange(ctx, s.keys.reportsMade(), 0, -1).Result()
	if err != nil {
		return fmt.Errorf("look through reports: %w", err)
	}
	for part := range slices.Chunk(ids, forgetAtOnce) {
		found, err := getObjects[sealedReport](ctx, s, nounReport, part)
		if err != nil {
			return fmt.Errorf("look through reports: %w", err)
		}
		var theirs []string
		for id, rep := range found {
			if rep.By == member || rep.Giver == member {
				theirs = append(theirs, id)
			}
		}
		if len(theirs) == 0 {
			continue
		}
		if _, err := s.deleteReports(ctx, theirs); err != nil {
			return fmt.Errorf("forget reports of %q: %w", member, err)
		}
	}
	return nil
}

// mendReport gives a report its place in the index again.
func (s *Store) mendReport(c *change, id, stored string) error {
	var rep sealedReport
	if err := decodeValue(stored, &rep); err != nil {
		return err
	}
	c.op("ZADD", s.keys.reportsMade(), millis(rep.At), id)
	return nil
}

// resealReport is a stored report sealed with the key that seals; "" if that is not needed. It stays the same version.
func (s *Store) resealReport(_, text string) (anew string, sealed bool, err error) {
	var stored sealedReport
	if err := decodeValue(text, &stored); err != nil {
		return "", false, err
	}
	if stored.Sealed == "" {
		return "", false, nil
	}
	place := s.reportPlace(stored.Report)
	words, _, err := s.seals.openNamed(stored.Sealed, place)
	if err != nil {
		return "", true, err
	}
	if name, _, _ := strings.Cut(stored.Sealed, ":"); name == s.seals.current {
		return "", true, nil
	}
	if stored.Sealed, err = s.seals.seal(words, place); err != nil {
		return "", true, err
	}
	anew, err = encodeValue(stored.Version, stored)
	return anew, true, err
}
