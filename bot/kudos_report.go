package bot

import (
	"context"
	"errors"
	"slices"
	"strings"
	"time"
)

// Report is what somebody says to Rapport's admins about a kudos that they can read. It is kept for [ReportLife].
type Report struct {
	Kudos      string    `json:"kudos"`
	By         string    `json:"by"`
	Version    int       `json:"version"`
	Earlier    int       `json:"earlier,omitempty"` // how often they reported it before: once looked at, it can be reported anew after an edit
	Giver      string    `json:"giver"`             // of the kudos
	Words      string    `json:"words"`             // escaped as Slack does it; may be empty. Stores seal it
	At         time.Time `json:"at"`
	Admins     []string  `json:"admins"` // who was asked to look
	Looked     time.Time `json:"looked,omitzero"`
	LookedBy   string    `json:"looked_by,omitempty"`
	Down       bool      `json:"down,omitempty"` // an admin took the kudos down
	Unreadable string    `json:"-"`              // Words as they are sealed, where no key opens them
}

// ReportLife is how long a report is kept after it was made.
const ReportLife = 90 * 24 * time.Hour

// ReportNote says what an admin did about a reported kudos, for the operators' log. It holds ids alone.
type ReportNote struct {
	By   string
	What string
	Of   []string
}

// ReportStore keeps reports.
type ReportStore interface {
	Roster
	// AddReport stores a report with k, which names its author among its reporters, counts it against the author's day and inserts the intents, in one step. It
	// answers [ErrConflict] if the stored kudos is not k.Version any more, [ErrLimit] when the day is used up, [ErrRepeated] when the token came before.
	AddReport(ctx context.Context, token Token, k Kudos, rep Report, q KudosQuota, intents Intents) error
	// Reports finds what members reported of a kudos, by time; those who did not, or whose report is not kept any more, are missing.
	Reports(ctx context.Context, kudos string, by ...string) ([]Report, error)
	// SettleReports stores reports as they were looked at and notes it in the operators' log, all in one step; a kudos that is given goes with it, as in
	// [KudosStore].ReplaceKudos with its quota. [ErrConflict] if anything changed meanwhile, [ErrRepeated] when the token came before.
	SettleReports(ctx context.Context, token Token, k *Kudos, quota *KudosQuota, list []Report, note ReportNote, intents Intents) error
}

// What can be wrong with a report.
const (
	ReportOwn    FaultCode = "report_own"    // it is their own kudos: they can take it back
	ReportAgain  FaultCode = "report_again"  // they reported it already
	ReportLimit  FaultCode = "report_limit"  // Limit reports on one day
	ReportLong   FaultCode = "report_long"   // more than Limit characters
	ReportNobody FaultCode = "report_nobody" // there is no admin who could look at it
)

const (
	// ReportWords is how many characters somebody can say about a kudos that they report.
	ReportWords = 500
	// reportsDaily is how many kudos a member can report on one day of theirs.
	reportsDaily = 5
	// reportAdmins is how many admins a report goes to.
	reportAdmins = 10
)

// ReportWish is a kudos that somebody may report, and what they are to know before they do.
type ReportWish struct {
	Kudos  Kudos
	Quiet  []string // recipients who are not named where it stands, nor to who reports it
	Admins []string // who will read it
	People map[string]Member
	day    Date   // of the reporter
	before Report // their own, that was looked at before the kudos was edited; the zero value for none
}

// Reportable reads a kudos for somebody who wants to report it. Who cannot read it gets [FaultNotFound].
func (r *Recognition) Reportable(ctx context.Context, now time.Time, actor, id string) (ReportWish, error) {
	k, err := r.read(ctx, id)
	if err != nil {
		return ReportWish{}, err
	}
	w := r.Settings.Current()
	admins := unique(append(slices.Clone(w.Admins), w.Installer))
	people := slices.Concat([]string{actor, k.Giver}, admins, mentioned(k.Message))
	if k.Team == "" {
		people = append(people, k.Recipients...)
	}
	scene, err := r.Scenes.Scene(ctx, k.Channel, unique(slices.DeleteFunc(people, func(id string) bool { return id == "" }))...)
	switch {
	case err != nil:
		return ReportWish{}, &Fault{Code: FaultUnread, Cause: err}
	case k.Undone.IsZero() && actor == k.Giver:
		return ReportWish{}, &Fault{Code: ReportOwn}
	case !r.canRead(ctx, actor, k, scene):
		return ReportWish{}, &Fault{Code: FaultNotFound}
	}
	wish := ReportWish{Kudos: k, Quiet: k.unnamed(scene, actor), People: scene.Members, day: scene.Hours(actor, w.Zone).Today(now)}
	if wish.before, err = r.reportedBefore(ctx, k, actor); err != nil {
		return ReportWish{}, err
	}
	wish.Admins, err = r.reportedTo(ctx, admins, scene, actor, k.Giver)
	return wish, err
}

// reportedBefore is what a member reported of a kudos before, if that was looked at and the kudos says something else since; [ReportAgain] for every other report of
// theirs.
func (r *Recognition) reportedBefore(ctx context.Context, k Kudos, member string) (Report, error) {
	if !slices.Contains(k.Reporters, member) {
		return Report{}, nil
	}
	list, err := r.Store.Reports(ctx, k.ID, member)
	switch {
	case err != nil:
		return Report{}, &Fault{Code: FaultUnread, Cause: err}
	case len(list) != 1 || list[0].Looked.IsZero() || !k.Edited.After(list[0].Looked):
		return Report{}, &Fault{Code: ReportAgain}
	}
	return list[0], nil
}

// canRead reports whether somebody who did not give a kudos can read it: its recipients can, and who is where it is posted.
func (r *Recognition) canRead(ctx context.Context, actor string, k Kudos, scene Scene) bool {
	m, c := scene.Members[actor], scene.Channel
	switch {
	case !k.Undone.IsZero() || !m.Person():
		return false
	case slices.Contains(k.Recipients, actor):
		return true
	case !k.Posted || k.Private || c.ID != k.Channel || len(shownOf(k, scene)) == 0:
		return false
	case !c.Private && !k.Closed && !m.Guest:
		return true
	}
	return r.present(ctx, c, actor, m)
}

// unnamed are those of a kudos's people whom nobody reads where it stands, apart from one who is known anyway. Of a team nobody is named, and what stands nowhere names
// everybody to those who read it.
func (k Kudos) unnamed(scene Scene, known string) []string {
	if !k.Posted || k.Private || k.Team != "" {
		return nil
	}
	shown := append(shownOf(k, scene), known)
	return slices.DeleteFunc(slices.Clone(k.Recipients), func(id string) bool { return slices.Contains(shown, id) })
}

// reportedTo chooses who reads a report: those who were appointed and whoever installed Rapport, or else the workspace's own admins; never somebody whom it concerns.
func (r *Recognition) reportedTo(ctx context.Context, appointed []string, scene Scene, concerned ...string) ([]string, error) {
	may := func(m Member) bool { return m.Person() && !m.Guest && !slices.Contains(concerned, m.ID) }
	admins := slices.DeleteFunc(slices.Clone(appointed), func(id string) bool { return !may(scene.Members[id]) })
	if len(admins) == 0 {
		all, err := r.Store.AllMembers(ctx)
		if err != nil {
			return nil, &Fault{Code: FaultUnread, Cause: err}
		}
		for _, m := range all {
			if m.Admin && may(m) {
				admins = append(admins, m.ID)
			}
		}
	}
	if len(admins) == 0 {
		return nil, &Fault{Code: ReportNobody}
	}
	return admins[:min(len(admins), reportAdmins)], nil
}

// ReportKudos is a wish to have a kudos looked at.
type ReportKudos struct {
	Token Token
	Actor string
	ID    string // of the kudos
	Words string // escaped as Slack does it; may be empty
}

// Report has Rapport's admins look at a kudos. The same form again is answered as the first time.
func (r *Recognition) Report(ctx context.Context, now time.Time, in ReportKudos) (Report, error) {
	in.Words = strings.TrimFunc(in.Words, isBlank)
	if CountText(in.Words) > ReportWords {
		return Report{}, &Fault{Code: ReportLong, Limit: ReportWords}
	}
	for range 3 {
		wish, err := r.Reportable(ctx, now, in.Actor, in.ID)
		if err != nil {
			return r.justReported(ctx, now, in, err)
		}
		k := wish.Kudos
		rep := Report{Kudos: k.ID, By: in.Actor, Giver: k.Giver, Words: in.Words, At: now, Admins: wish.Admins}
		if wish.before.By != "" {
			rep.Version, rep.Earlier = wish.before.Version, wish.before.Earlier+1
		}
		k.Reporters = unique(append(slices.Clone(k.Reporters), in.Actor))
		err = r.Store.AddReport(ctx, in.Token, k, rep, KudosQuota{Day: wish.day, Limit: reportsDaily}, reportIntents(now, rep))
		switch {
		case err == nil, errors.Is(err, ErrRepeated):
			return rep, nil
		case errors.Is(err, ErrLimit):
			return Report{}, &Fault{Code: ReportLimit, Limit: reportsDaily}
		case !errors.Is(err, ErrConflict):
			return Report{}, &Fault{Code: FaultUnsaved, Cause: err}
		}
	}
	return Report{}, &Fault{Code: FaultStale}
}

// justReported answers who reports a kudos again within moments, as with a form that comes twice, as the first time; everybody else with what is wrong.
func (r *Recognition) justReported(ctx context.Context, now time.Time, in ReportKudos, wrong error) (Report, error) {
	if fault, ok := errors.AsType[*Fault](wrong); !ok || fault.Code != ReportAgain {
		return Report{}, wrong
	}
	list, err := r.Store.Reports(ctx, in.ID, in.Actor)
	if err != nil {
		return Report{}, &Fault{Code: FaultUnread, Cause: err}
	}
	if len(list) == 1 && list[0].Words == in.Words && now.Sub(list[0].At) < pressedTwice {
		return list[0], nil
	}
	return Report{}, wrong
}

// reportsOf reads what was reported of a kudos; it asks nobody where nothing was.
func (r *Recognition) reportsOf(ctx context.Context, k Kudos) ([]Report, error) {
	if len(k.Reporters) == 0 {
		return nil, nil
	}
	list, err := r.Store.Reports(ctx, k.ID, k.Reporters...)
	if err != nil {
		return nil, &Fault{Code: FaultUnread, Cause: err}
	}
	return list, nil
}

// SettledReport is a reported kudos after an admin looked at it.
type SettledReport struct {
	Kudos  Kudos // a tombstone, if it was taken down or taken back
	Report Report
	Quiet  []string // recipients who are not named where it stands
	Before bool     // it was so already: another admin was faster, or its giver took it back
}

// Settle says that an admin who was asked looked at a reported kudos, and takes it down if they want that, whoever can read it. All its reports are settled with it. To
// everybody who was not asked it does not exist.
func (r *Recognition) Settle(ctx context.Context, now time.Time, token Token, actor, id string, down bool) (SettledReport, error) {
	for range 3 {
		k, err := r.read(ctx, id)
		if err != nil {
			return SettledReport{}, err
		}
		list, err := r.reportsOf(ctx, k)
		if err != nil {
			return SettledReport{}, err
		}
		scene, err := r.Scenes.Scene(ctx, "", unique(append([]string{actor, k.Giver}, k.Recipients...))...)
		if err != nil {
			return SettledReport{}, &Fault{Code: FaultUnread, Cause: err}
		}
		asked := slices.IndexFunc(list, func(rep Report) bool { return slices.Contains(rep.Admins, actor) })
		if asked < 0 || !r.Settings.Current().Admin(scene.Members[actor]) {
			return SettledReport{}, &Fault{Code: FaultNotFound}
		}
		open := slices.ContainsFunc(list, func(rep Report) bool { return rep.Looked.IsZero() })
		if !k.Undone.IsZero() || !open && !down {
			return SettledReport{Kudos: k, Report: list[asked], Quiet: k.unnamed(scene, list[asked].By), Before: true}, nil
		}
		k, list, err = r.settleReports(ctx, now, token, actor, k, list, scene, down)
		if err == nil {
			return SettledReport{Kudos: k, Report: list[asked], Quiet: k.unnamed(scene, list[asked].By)}, nil
		}
		if !errors.Is(err, ErrConflict) && !errors.Is(err, ErrRepeated) {
			return SettledReport{}, &Fault{Code: FaultUnsaved, Cause: err}
		}
		token += " again" // what the same press did was changed meanwhile, or it finds what it did
	}
	return SettledReport{}, &Fault{Code: FaultStale}
}

// What the operators' log calls an admin's acts.
const (
	noteTakenDown = "take down kudos"
	noteLeft      = "leave reported kudos"
)

// settleReports stores that an admin looked at a kudos, which is taken down if they want that. It returns what is stored then, and the store's own error.
func (r *Recognition) settleReports(ctx context.Context, now time.Time, token Token, actor string, k Kudos, list []Report, scene Scene, down bool) (Kudos, []Report, error) {
	intents := append(changedReports(now, k, list), answerIntents(now, list)...)
	settled := slices.Clone(list)
	for i := range settled {
		if settled[i].Looked.IsZero() || down {
			settled[i].Looked, settled[i].LookedBy, settled[i].Down = now, actor, down
		}
	}
	note := ReportNote{By: actor, What: noteLeft, Of: []string{k.ID}}
	var gone *Kudos
	var quota *KudosQuota
	if down {
		taken, refund := tombstone(now, k), r.givenBack(k, scene)
		gone, quota, note.What = &taken, &refund, noteTakenDown
		intents = slices.Concat(intents, changedPost(now, k), changedNotes(now, k), takenIntents(now, k))
	}
	if err := r.Store.SettleReports(ctx, token, gone, quota, settled, note, intents); err != nil {
		return k, list, err
	}
	for i := range settled {
		settled[i].Version++
	}
	if gone != nil {
		k = *gone
		k.Version++
	}
	return k, settled, nil
}

// takeDown takes a kudos down for one of Rapport's admins, whom [Recognition.own] let through.
func (r *Recognition) takeDown(ctx context.Context, now time.Time, token Token, actor string, k Kudos) (Kudos, error) {
	read := firstKnown(k, func() (Kudos, error) { return r.read(ctx, k.ID) })
	for range 3 {
		k, err := read()
		if err != nil || !k.Undone.IsZero() {
			return k, err
		}
		list, err := r.reportsOf(ctx, k)
		if err != nil {
			return Kudos{}, err
		}
		scene, err := r.Scenes.Scene(ctx, "", k.Giver)
		if err != nil {
			return Kudos{}, &Fault{Code: FaultUnread, Cause: err}
		}
		k, _, err = r.settleReports(ctx, now, token, actor, k, list, scene, true)
		switch {
		case err == nil:
			return k, nil
		case errors.Is(err, ErrRepeated):
			return r.read(ctx, k.ID)
		case !errors.Is(err, ErrConflict):
			return Kudos{}, &Fault{Code: FaultUnsaved, Cause: err}
		}
	}
	return Kudos{}, &Fault{Code: FaultStale}
}
