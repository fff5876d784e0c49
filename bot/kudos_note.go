package bot

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"
)

// KudosNote is what a recipient is told of one kudos.
type KudosNote struct {
	Kudos  Kudos
	Value  Value
	Reader Member
	Posted bool   // it stands, or will stand, in its channel
	Shown  bool   // with the reader's name
	Link   string // address of the message in the channel; empty while there is none
	People map[string]Member
}

// KudosNotes is the content of the DM that tells a recipient of kudos: of one, or of those that came up within an hour or a night.
type KudosNotes struct {
	Notes []KudosNote // at least one, the earliest first, all to the same reader
}

const (
	// noteGap is how long after a message about kudos the next one comes to the same person at the earliest: what comes in between comes together. The same holds of
	// what colleagues address to them about commitments.
	noteGap = time.Hour
	// noteWaits is how long after a kudos was given its recipient's message waits for the post in the channel, so that it can link it.
	noteWaits = 30 * time.Minute
	// noteLooks is how soon it looks whether something is there that it waits for. It looks the less often the longer it waits: hundreds may wait for each other's posts,
	// one a second.
	noteLooks = time.Second
	// noteLook is how many of the newest kudos to a person are looked through for what waits, or has just come.
	noteLook = 100
	// noteMost and noteRoom are how many kudos, and how many characters of them, one message tells of, so that each stands there in full; noteFrame is what stands
	// around a text, beside the other recipients.
	noteMost  = 14
	noteRoom  = 8800
	noteFrame = 450
	noteName  = 15
)

// nextLook is when to look again for what a kudos's note waits for.
func nextLook(k Kudos, now time.Time) time.Time { return now.Add(max(noteLooks, now.Sub(k.Given)/2)) }

// noteSize is how much room a kudos takes in a message that tells of several.
func noteSize(k Kudos, people map[string]Member) int {
	return KudosSize(k.Message, people) + noteFrame + noteName*len(k.Recipients)
}

// ComposeNote decides whether a recipient hears of a kudos now, and takes in what else waits for them.
func (r *Recognition) ComposeNote(ctx context.Context, now time.Time, s Send) (any, Decision, error) {
	if s.Replaces != "" {
		return r.composeChangedNote(ctx, now, s)
	}
	box, err := r.openInbox(ctx, now, s)
	if err != nil {
		return nil, Decision{}, err
	}
	if d := box.decide(now, s); d.Verdict != Go {
		return nil, d, nil
	}
	taken := box.takes(now)
	notes := r.tellOf(box.to, slices.Concat(box.own, taken), box.sends, box.scene)
	notes.Notes = slices.DeleteFunc(notes.Notes, func(n KudosNote) bool { return !box.wanted(n) })
	return notes, Decision{Takes: noteSIDs(box.to, taken)}, nil
}

// composeChangedNote brings a message that is there up to date, with everything that it tells of. It notifies nobody, so it need not wait for hours. Words of
// somebody whom the reader has come to avoid stay as they were read: their change is held back, and where another's redraws the message, what they changed is left out.
func (r *Recognition) composeChangedNote(ctx context.Context, now time.Time, s Send) (any, Decision, error) {
	original, d, err := r.replaceable(ctx, s)
	if err != nil || d.Verdict != Go {
		return nil, d, err
	}
	to := s.Members[0]
	notes, scene, err := r.standingNotes(ctx, to, toldIn(to, append([]string{original.SID}, original.Took...)))
	if err != nil {
		return nil, Decision{}, err
	}
	var kept []KudosNote
	for _, n := range notes.Notes {
		held := scene.heldBack(to, n.Kudos.Giver, scene.Hours(to, r.Settings.Current().Zone), now)
		changed := n.Kudos.ID == s.Ref
		switch d := n.Kudos.unread(now); {
		case d.Verdict != Go:
			return nil, d, nil
		case held.Verdict == Go, !changed && !n.Kudos.Edited.After(original.Settled):
			kept = append(kept, n)
		case changed || held.Verdict == Wait:
			return nil, held, nil
		}
	}
	if len(kept) == 0 {
		return Delete{}, Decision{}, nil
	}
	return KudosNotes{Notes: kept}, Decision{}, nil
}

// Note is what the actor's message about some kudos says now; ids are all that it told of. Those that were taken back, or are not theirs, are left out; where none
// is left it reads as not found.
func (r *Recognition) Note(ctx context.Context, actor string, ids ...string) (KudosNotes, error) {
	notes, _, err := r.standingNotes(ctx, actor, told{ids: ids})
	if err != nil {
		return KudosNotes{}, fmt.Errorf("read note of kudos %q: %w", ids, err)
	}
	if len(notes.Notes) == 0 {
		return KudosNotes{}, &Fault{Code: FaultNotFound}
	}
	return notes, nil
}

// told are the kudos that a message tells of, or told of.
type told struct {
	ids  []string
	sids []string // of the notes that it stands for; nil: any
	to   string
}

// toldIn are those that a message to somebody tells of which stands for some notes.
func toldIn(to string, sids []string) told {
	return told{ids: unique(noteIDs(sids)), sids: sids, to: to} // an emoji that was put on again has two notes
}

// has reports whether a kudos is among them. What was taken back and given again is told of in another note.
func (t told) has(k Kudos) bool {
	return slices.Contains(t.ids, k.ID) && (t.sids == nil || slices.Contains(t.sids, k.noteSID(t.to)))
}

// standingNotes is what a recipient is told of those of some kudos that stand, with the people in them.
func (r *Recognition) standingNotes(ctx context.Context, to string, of told) (KudosNotes, Scene, error) {
	own, _, err := r.receivedOf(ctx, to, of)
	if err != nil || len(own) == 0 {
		return KudosNotes{}, Scene{}, err
	}
	sends, err := r.Sent.SendsBySID(ctx, postSIDs(own)...)
	if err != nil {
		return KudosNotes{}, Scene{}, err
	}
	scene, err := r.Scenes.Scene(ctx, "", noteReaders(to, own)...)
	if err != nil {
		return KudosNotes{}, Scene{}, err
	}
	return r.tellOf(to, own, sends, scene), scene, nil
}

// receivedOf reads some kudos, those that a member received and that stand, and the newest others to them. Most of the time that is one round trip.
func (r *Recognition) receivedOf(ctx context.Context, to string, of told) (own, others []Kudos, err error) {
	_, newest, err := r.Store.MemberKudos(ctx, to, noteLook)
	if err != nil {
		return nil, nil, err
	}
	for _, id := range of.ids {
		i := slices.IndexFunc(newest, func(k Kudos) bool { return k.ID == id })
		if i >= 0 {
			if of.has(newest[i]) {
				own = append(own, newest[i])
			}
			continue
		}
		k, err := r.Store.Kudos(ctx, id)
		switch {
		case errors.Is(err, ErrNotFound):
		case err != nil:
			return nil, nil, err
		case k.Undone.IsZero() && slices.Contains(k.Recipients, to) && of.has(k):
			own = append(own, k)
		}
	}
	others = slices.DeleteFunc(newest, func(k Kudos) bool { return of.has(k) || k.Team != "" })
	return own, others, nil
}

// noteReaders are everybody whom the notes of some kudos are about or whom they name.
func noteReaders(to string, list []Kudos) []string {
	ids := []string{to}
	for _, k := range list {
		ids = append(append(ids, k.Giver), mentioned(k.Message)...)
	}
	return unique(ids)
}

// tellOf says what a recipient is told of some kudos, the earliest first. sends knows the posts in channels.
func (r *Recognition) tellOf(to string, list []Kudos, sends map[string]Send, scene Scene) KudosNotes {
	var all KudosNotes
	for _, k := range list {
		all.Notes = append(all.Notes, r.note(to, k, sends[k.PostSID()], scene))
	}
	slices.SortStableFunc(all.Notes, func(a, b KudosNote) int {
		return cmp.Or(a.Kudos.Given.Compare(b.Kudos.Given), strings.Compare(a.Kudos.ID, b.Kudos.ID))
	})
	return all
}

// note is what a recipient is told of a kudos. post is what is known of its post in the channel; the zero value where there is none.
func (r *Recognition) note(to string, k Kudos, post Send, scene Scene) KudosNote {
	n := KudosNote{Kudos: k, Reader: scene.Members[to], Value: r.Settings.Current().ShownValue(k.Value), Posted: k.Posted && !neverSent(post), People: scene.Members}
	n.Reader.ID = to
	n.Shown = n.Posted && slices.Contains(shownOf(k, scene), to)
	if n.Posted && post.PostedTS != "" {
		n.Link = r.Permalink(post.PostedIn, post.PostedTS)
	}
	return n
}

// noteIDs are the ids of the kudos that messages with these sids tell of.
func noteIDs(sids []string) []string {
	ids := make([]string, 0, len(sids))
	for _, sid := range sids {
		_, rest, _ := strings.Cut(sid, "/")
		id, _, _ := strings.Cut(rest, "/")
		ids = append(ids, id)
	}
	return ids
}

func noteSIDs(to string, list []Kudos) []string {
	var sids []string
	for _, k := range list {
		sids = append(sids, k.noteSID(to))
	}
	return sids
}

func postSIDs(list []Kudos) []string {
	var sids []string
	for _, k := range list {
		if k.Posted {
			sids = append(sids, k.PostSID())
		}
	}
	return sids
}
