package bot

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"
)

// ReportedKudos is the content of the message that asks an admin to look at a kudos, and says later what became of it.
type ReportedKudos struct {
	Report Report
	Kudos  Kudos    // a tombstone, if it was taken down or taken back
	Quiet  []string // recipients who are not named where it stands
	Reader Member
	People map[string]Member
}

// ReportAnswer is the content of the message that tells somebody that what they reported was looked at. It says no more.
type ReportAnswer struct{ Report Report }

// KudosTaken is the content of the message that tells a giver that an admin took their kudos down.
type KudosTaken struct{ Kudos Kudos } // a tombstone

// The parts of a report that are messages, as a send's Ref ends in them.
const (
	reportAsks    = "ask"
	reportAnswers = "answer"
	reportTells   = "taken"
)

func reportSID(rep Report, admin string) string { return rep.sid() + "/to/" + admin }

// sid is what the names of a report's messages begin with.
func (rep Report) sid() string {
	sid := "report/" + rep.Kudos + "/" + rep.By
	if rep.Earlier > 0 {
		sid += fmt.Sprintf("/again%d", rep.Earlier)
	}
	return sid
}

// reportIntents ask the admins to look at a kudos.
func reportIntents(now time.Time, rep Report) Intents {
	var sends Intents
	for _, admin := range rep.Admins {
		sends = append(sends, Send{
			SID: reportSID(rep, admin), Kind: KindReport, Ref: strings.Join([]string{rep.Kudos, rep.By, reportAsks}, " "), Members: []string{admin}, Due: now,
		})
	}
	return sends
}

// changedReports bring what admins were shown of a kudos up to date with what will be stored in place of k and the reports. Nobody is notified by that.
func changedReports(now time.Time, k Kudos, list []Report) Intents {
	var sends Intents
	for _, rep := range list {
		for _, s := range reportIntents(now, rep) {
			s.Replaces = s.SID
			s.SID = fmt.Sprintf("%s/v%d.%d", s.SID, k.Version+1, rep.Version+1)
			sends = append(sends, s)
		}
	}
	return sends
}

// answerIntents tell those who reported a kudos that it was looked at.
func answerIntents(now time.Time, list []Report) Intents {
	var sends Intents
	for _, rep := range list {
		if rep.Looked.IsZero() {
			sends = append(sends, Send{
				SID: rep.sid() + "/answer", Kind: KindReport, Ref: strings.Join([]string{rep.Kudos, rep.By, reportAnswers}, " "),
				Members: []string{rep.By}, Due: now,
			})
		}
	}
	return sends
}

// takenIntents tell a giver that an admin took their kudos down.
func takenIntents(now time.Time, k Kudos) Intents {
	return Intents{{
		SID: "kudos/" + k.ID + "/taken", Kind: KindReport, Ref: strings.Join([]string{k.ID, k.Giver, reportTells}, " "), Members: []string{k.Giver}, Due: now,
	}}
}

// ComposeReport decides what admins, reporters and givers hear of a report.
func (r *Recognition) ComposeReport(ctx context.Context, now time.Time, s Send) (any, Decision, error) {
	parts := strings.Fields(s.Ref)
	if len(parts) != 3 || len(s.Members) != 1 {
		return nil, Decision{}, fmt.Errorf("compose %q: no report in %q", s.SID, s.Ref)
	}
	k, err := r.Store.Kudos(ctx, parts[0])
	if errors.Is(err, ErrNotFound) {
		return nil, undone, nil
	}
	if err != nil {
		return nil, Decision{}, err
	}
	if s.Replaces != "" {
		if _, d, err := r.replaceable(ctx, s); err != nil || d.Verdict != Go {
			return nil, d, err
		}
	}
	to := s.Members[0]
	scene, err := r.Scenes.Scene(ctx, "", unique(slices.Concat([]string{to, k.Giver, parts[1]}, k.Recipients, mentioned(k.Message)))...)
	if err != nil {
		return nil, Decision{}, err
	}
	arrives := reachable(scene.Members[to], scene.Preferences[to], KindReport, scene.Hours(to, r.Settings.Current().Zone), now)
	if parts[2] == reportTells {
		return KudosTaken{Kudos: k}, arrives, nil
	}
	list, err := r.Store.Reports(ctx, k.ID, parts[1])
	switch {
	case err != nil:
		return nil, Decision{}, err
	case len(list) == 0 && s.Replaces != "":
		return Delete{}, Decision{}, nil
	case len(list) == 0:
		return nil, undone, nil
	case parts[2] == reportAnswers:
		return ReportAnswer{Report: list[0]}, arrives, nil
	}
	if s.Replaces == "" && arrives.Verdict == Go {
		if arrives, err = r.spared(ctx, now, scene, list[0], to); err != nil {
			return nil, Decision{}, err
		}
	}
	return r.composeAsk(s, ReportedKudos{Report: list[0], Kudos: k, Quiet: k.unnamed(scene, list[0].By), Reader: scene.Members[to], People: scene.Members}, arrives)
}

// composeAsk asks an admin to look, or says in the same message what became of it. arrives is whether something new may reach them now.
func (r *Recognition) composeAsk(s Send, c ReportedKudos, arrives Decision) (any, Decision, error) {
	c.Reader.ID = s.Members[0]
	if !r.Settings.Current().mayLook(c.Reader, c.Report) {
		if s.Replaces != "" {
			return Delete{}, Decision{}, nil
		}
		return nil, Decision{Verdict: Drop, Reason: ReasonUnreachable}, nil
	}
	switch {
	case s.Replaces != "":
		return c, Decision{}, nil
	case !c.Kudos.Undone.IsZero():
		return nil, undone, nil
	case !c.Report.Looked.IsZero():
		return nil, Decision{Verdict: Drop, Reason: ReasonNothing}, nil
	}
	return c, arrives, nil
}

// spared keeps a report from an admin who wants nothing to reach them of what its author says, as far as another one is asked who looks. Somebody has to.
func (r *Recognition) spared(ctx context.Context, now time.Time, scene Scene, rep Report, to string) (Decision, error) {
	w := r.Settings.Current()
	held := scene.heldBack(to, rep.By, scene.Hours(to, w.Zone), now)
	if held.Verdict == Go {
		return held, nil
	}
	asked, err := r.Scenes.Scene(ctx, "", rep.Admins...)
	if err != nil {
		return Decision{}, err
	}
	others := slices.ContainsFunc(rep.Admins, func(id string) bool {
		return id != to && w.mayLook(asked.Members[id], rep) && !asked.keepsAway(id, rep.By) && !slices.Contains(asked.Preferences[id].Muted, KindReport)
	})
	if !others {
		return Decision{}, nil
	}
	return held, nil
}

// mayLook reports whether somebody who was asked to look at a report still looks after Rapport.
func (w Workspace) mayLook(m Member, rep Report) bool {
	return w.Admin(m) && slices.Contains(rep.Admins, m.ID)
}
