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

// KudosLister goes through what a member gave or received.
type KudosLister interface {
	// KudosUntil returns the newest kudos that a member gave, or else received, up to an instant, the newest first, without tombstones. more says that limit
	// was reached; a zero instant is no bound.
	KudosUntil(ctx context.Context, member string, given bool, until time.Time, limit int) (list []Kudos, more bool, err error)
}

// MinePage is how many kudos of each kind a page of a member's own shows.
const MinePage = 10

// MyKudos is a page of what a member gave and received.
type MyKudos struct {
	Given, Received []Kudos // of the page, the newest first
	Page            int     // from 0
	Older           bool    // there is another page
	Reader          Member
	Preferences     Preferences       // the reader's
	People          map[string]Member // whom the words mention
}

// Mine lists what a member gave and received, the newest first.
func (r *Recognition) Mine(ctx context.Context, member string, limit int) (given, received []Kudos, err error) {
	given, received, err = r.Store.MemberKudos(ctx, member, limit)
	if err != nil {
		return nil, nil, fmt.Errorf("list kudos of %q: %w", member, err)
	}
	newest := func(a, b Kudos) int { return cmp.Compare(b.Given.UnixNano(), a.Given.UnixNano()) }
	slices.SortStableFunc(given, newest)
	slices.SortStableFunc(received, newest)
	return given, received, nil
}

// MyPage reads a page of what a member gave and received. Beyond the last one it is that.
func (r *Recognition) MyPage(ctx context.Context, member string, page int) (MyKudos, error) {
	page = min(max(page, 0), mineMost/MinePage)
	given, received, err := r.Mine(ctx, member, (page+1)*MinePage+1)
	if err != nil {
		return MyKudos{}, &Fault{Code: FaultUnread, Cause: err}
	}
	last := max(0, (max(len(given), len(received))-1)/MinePage)
	m := MyKudos{Page: min(page, last)}
	m.Older = last > m.Page
	m.Given, m.Received = pageOf(given, m.Page), pageOf(received, m.Page)
	people := []string{member}
	for _, k := range slices.Concat(m.Given, m.Received) {
		people = append(people, mentioned(k.Message)...)
	}
	scene, err := r.Scenes.Scene(ctx, "", unique(people)...)
	if err != nil {
		return MyKudos{}, &Fault{Code: FaultUnread, Cause: err}
	}
	m.Reader, m.Preferences, m.People = scene.Members[member], scene.Preferences[member], scene.Members
	m.Reader.ID = member
	return m, nil
}

func pageOf(list []Kudos, page int) []Kudos {
	from := min(page*MinePage, len(list))
	return list[from:min(from+MinePage, len(list))]
}

const (
	// mineMost is how many kudos of each kind a member's own lists and tables reach back to.
	mineMost = 10_000
	// mineBatch is how many are read at once for a table.
	mineBatch = 200
)

// MyLine is one kudos of a member's own, with everything that a table says of it.
type MyLine struct {
	Kudos    Kudos
	Received bool
	Channel  Channel // where it was given; the zero value where the bot knows nothing of it
	Link     string  // address of the message in the channel; empty where there is none, or none is known any more
}

// ErrEnough ends [Recognition.EachMine] without being an error of it.
var ErrEnough = errors.New("seen enough")

// EachMine goes through everything that a member received, and then gave, the newest first, in batches with the people whom each names. It keeps no more than a
// batch in memory.
func (r *Recognition) EachMine(ctx context.Context, member string, visit func(lines []MyLine, people map[string]Member) error) error {
	t := mineTable{Recognition: r, member: member, channels: map[string]Channel{}}
	for _, given := range []bool{false, true} {
		err := t.each(ctx, given, visit)
		if errors.Is(err, ErrEnough) {
			return nil
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// mineTable is one going through a member's kudos.
type mineTable struct {
	*Recognition
	member   string
	channels map[string]Channel // those that were read
}

func (t *mineTable) each(ctx context.Context, given bool, visit func([]MyLine, map[string]Member) error) error {
	var until time.Time
	seen := map[string]bool{} // of the batch before: those of its last instant come again
	limit := mineBatch
	for total := 0; total < mineMost; {
		list, more, err := t.Store.KudosUntil(ctx, t.member, given, until, limit)
		if err != nil {
			return &Fault{Code: FaultUnread, Cause: err}
		}
		fresh := slices.DeleteFunc(slices.Clone(list), func(k Kudos) bool { return seen[k.ID] })
		if len(fresh) > 0 {
			lines, people, err := t.lines(ctx, fresh, !given)
			if err != nil {
				return err
			}
			if err := visit(lines, people); err != nil {
				return err
			}
		}
		if !more {
			return nil
		}
		if len(fresh) == 0 { // more than a batch in one instant
			limit *= 2
			continue
		}
		total += len(fresh)
		until, limit = list[len(list)-1].Given, mineBatch
		clear(seen)
		for _, k := range list {
			seen[k.ID] = true
		}
	}
	return nil
}

// lines completes kudos by what a table says of them.
func (t *mineTable) lines(ctx context.Context, list []Kudos, received bool) ([]MyLine, map[string]Member, error) {
	var people, posts []string
	for _, k := range list {
		people = append(append(append(people, k.Giver), k.Recipients...), mentioned(k.Message)...)
		if k.Posted && k.Reaction == "" {
			posts = append(posts, k.PostSID())
		}
	}
	scene, err := t.Scenes.Scene(ctx, "", unique(people)...)
	if err != nil {
		return nil, nil, &Fault{Code: FaultUnread, Cause: err}
	}
	sent, err := t.Sent.SendsBySID(ctx, posts...)
	if err != nil {
		return nil, nil, &Fault{Code: FaultUnread, Cause: err}
	}
	lines := make([]MyLine, len(list))
	for i, k := range list {
		lines[i] = MyLine{Kudos: k, Received: received}
		if lines[i].Channel, err = t.channel(ctx, k.Channel); err != nil {
			return nil, nil, err
		}
		if post := sent[k.PostSID()]; k.Posted && post.PostedTS != "" {
			lines[i].Link = t.Permalink(post.PostedIn, post.PostedTS)
		}
	}
	return lines, scene.Members, nil
}

func (t *mineTable) channel(ctx context.Context, id string) (Channel, error) {
	if c, read := t.channels[id]; read || id == "" {
		return c, nil
	}
	scene, err := t.Scenes.Scene(ctx, id)
	if err != nil {
		return Channel{}, &Fault{Code: FaultUnread, Cause: err}
	}
	t.channels[id] = scene.Channel
	return scene.Channel, nil
}

// PostSID is the sid of the message that stands for the kudos in its channel.
func (k Kudos) PostSID() string {
	if k.Reposted == 0 {
		return KudosPostSID(k.ID)
	}
	return fmt.Sprintf("%s/anew%d", KudosPostSID(k.ID), k.Reposted)
}

// isPostSID reports whether a sid is that of a message which stands, or stood, for a kudos in its channel; those of its edits are not.
func isPostSID(id, sid string) bool {
	rest, ok := strings.CutPrefix(sid, KudosPostSID(id))
	anew, reposted := strings.CutPrefix(rest, "/anew")
	return ok && (rest == "" || reposted && isNumber(anew))
}

// formerPost reports whether a send is about a message of the kudos that no longer stands for it. What it would edit is to go.
func (k Kudos) formerPost(s Send) bool { return cmp.Or(s.Replaces, s.SID) != k.PostSID() }

// Names looks up everybody whom the texts of some kudos mention.
func (r *Recognition) Names(ctx context.Context, list ...Kudos) (map[string]Member, error) {
	var ids []string
	for _, k := range list {
		ids = append(ids, mentioned(k.Message)...)
	}
	if len(ids) == 0 {
		return nil, nil
	}
	scene, err := r.Scenes.Scene(ctx, "", unique(ids)...)
	if err != nil {
		return nil, fmt.Errorf("read names in %d kudos: %w", len(list), err)
	}
	return scene.Members, nil
}
