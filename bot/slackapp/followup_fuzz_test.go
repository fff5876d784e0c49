package slackapp

import (
	"fmt"
	"regexp"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"pgregory.net/rapid"

	"rapport/bot"
	"rapport/bot/when"
)

// FuzzFollowupOutputs: whatever somebody promises, plans or lets others know, to whomever, no output about it calls a channel, every output keeps within Slack's
// limits, and nothing breaks out of its place.
func FuzzFollowupOutputs(f *testing.F) {
	for _, text := range []string{
		"", " ", "send the deck to <@U2>", "told <!channel> <!here|x> <!everyone> @channel @Here", "&lt;!channel&gt; &amp;lt;!here&amp;gt; &lt;@U9&gt;", "```<@U9>``` ` open ```",
		"<!subteam^S1|@here> *bold _both* it_ ~", "\u202Eevil\u2066\u2069 \u2067", "👩‍👩‍👧‍👦 e\u0301 🇩🇪", "&gt;&gt;&gt; quote\n&gt; again", "\n\n\n\n", "\xff",
		"<https://evil.example|@channel> <mailto:a@here.example|@here>", "<#C1|@here>", "@\u2060channel @\u00adhere", "\x00\x07", strings.Repeat("&amp;", 1000), strings.Repeat("🏳️‍🌈", 900),
		strings.Repeat("a\n", 700), strings.Repeat("<@U2> ", 300), strings.Repeat("é", 1200), "<!date^1392734382^{date}|@channel>",
	} {
		f.Add(text, "Ana Ferreira")
		f.Add("send the deck to <@U2|bob>", text)
	}
	f.Fuzz(func(t *testing.T, text, name string) {
		if !utf8.ValidString(text) || !utf8.ValidString(name) {
			return // Slack sends JSON
		}
		checkPromised(t, text, name)
	})
}

// TestFollowupOutputsOfPieces does the same with texts that are put together from what has a meaning to Slack.
func TestFollowupOutputsOfPieces(t *testing.T) {
	piece := rapid.SampledFrom([]string{
		"```", "`", "*", "_", "~", "\n", " ", "<@U9>", "<@U2|cy>", "<!here>", "<!subteam^S1|@h>", "<#C1|x>", "@chan", "nel", "@here", "&gt;", "&lt;", "&amp;", "<", ">", "&",
		"<https://x.y|z>", "<mailto:a@b.c|d>", "<!date^1^{date}|@here>", "\u202e", "\u2067", "\u2069", "\u200d", "\u2060", "👩‍👩‍👧", "שלום", "word", "!", "|", ",", ";",
		strings.Repeat("long ", 120), strings.Repeat("&lt;", 200), strings.Repeat("\n", 200),
	})
	rapid.Check(t, func(r *rapid.T) {
		text := strings.Join(rapid.SliceOfN(piece, 0, 30).Draw(r, "text"), "")
		checkPromised(t, text, strings.Join(rapid.SliceOfN(piece, 1, 6).Draw(r, "name"), ""))
		if t.Failed() {
			r.Fatalf("%q", text)
		}
	})
}

var typedMember = regexp.MustCompile(`@([A-Z0-9]+)`)

func checkPromised(t *testing.T, text, name string) {
	t.Helper()
	w := newPromised(text, name)
	for what, m := range w.messages() {
		sealed, err := m.seal()
		if err != nil {
			t.Errorf("%s of %.200q by %.200q: %v", what, text, name, err)
			continue
		}
		checkCalls(t, what, sealed.Text, w.named)
		checkBlocks(t, what, sealed.Blocks, w.named)
	}
	for what, m := range w.modals() {
		sealed, err := m.seal()
		if err != nil {
			t.Errorf("%s of %.200q by %.200q: %v", what, text, name, err)
			continue
		}
		checkBlocks(t, what, sealed.Blocks.BlockSet, w.named)
	}
	home, err := w.home().seal()
	if err != nil {
		t.Errorf("home of %.200q by %.200q: %v", text, name, err)
		return
	}
	checkBlocks(t, "home", home.Blocks.BlockSet, w.named)
}

// promised is a text in all the places where it can stand, and a name for everybody.
type promised struct {
	typed  string
	own    bot.Commitment // of U1, to U2 and somebody outside
	shared bot.Commitment // the same, as far as U2 sees it
	cue    string
	words  string
	name   string
	people map[string]bot.Member
	named  []string // whom an output may mention: promises are read where that notifies nobody
}

// kept is a text as it can be stored: of at most so many characters, as Slack escapes it.
func kept(text string, most int) string {
	if bot.CountText(text) <= most {
		return text
	}
	return bot.EscapeText(bot.CutText(bot.OutgoingText{}.Plain(text), most))
}

func newPromised(text, name string) promised {
	text = bot.CutText(text, 8000)
	w := promised{typed: text, words: kept(text, 1000), cue: kept(strings.Join(strings.Fields(text), " "), 150), name: bot.CutText(name, 80), named: []string{"U1", "U2", "U3"}}
	w.people = map[string]bot.Member{}
	for _, m := range typedMember.FindAllStringSubmatch(text+name, -1) {
		w.named = append(w.named, m[1])
		w.people[m[1]] = bot.Member{ID: m[1], Name: w.name}
	}
	for _, id := range []string{"U1", "U2", "U3"} {
		w.people[id] = bot.Member{ID: id, Name: w.name, Zone: "Europe/Berlin"}
	}
	outside := bot.EscapeText(bot.CutText(name, 200))
	w.own = bot.Commitment{
		ID: 1234567, Version: 3, Owner: "U1", By: "U1", Text: w.words, Due: dueOn("2026-03-27"), State: bot.Open, Created: wednesday, Acted: wednesday,
		Counterparties: []bot.Counterparty{{Member: "U2"}, {Name: outside, Org: outside}, {Email: outside}, {Member: "U3"}},
		Every:          &when.Every{Unit: when.WeekUnit, N: 1, On: []when.On{{Weekday: time.Friday}}, Anchor: when.OnCalendar}, Occasion: 3,
		Plan: &bot.Plan{Day: bot.Date{Year: 2026, Month: 3, Day: 26}, Cue: w.cue, Occasion: 3}, About: "https://acme.slack.com/archives/CPUB/p1774429020000100",
		Before: &bot.Undo{State: bot.Open, Till: wednesday.Add(10 * time.Minute)}, Giving: "U3", Shared: true,
		Asked: []bot.Question{{By: "U2", At: wednesday, Till: wednesday.AddDate(0, 0, 3), Occasion: 3}}, Freed: []bot.Freed{{By: "U2", At: wednesday}},
		Moves: []bot.Move{{From: dueOn("2026-03-26"), To: dueOn("2026-03-27"), At: wednesday}},
		Said:  []bot.Word{{N: 1, To: "U2", By: "U1", Text: w.words, At: wednesday}},
		Parts: []bot.SplitPart{{Text: w.words, Due: *dueOn("2026-03-26")}, {Text: w.words, Due: *dueOn("2026-03-30")}},
	}
	w.shared = w.own
	w.shared.Counterparties, w.shared.Plan, w.shared.Before, w.shared.Parts, w.shared.Said, w.shared.Giving = w.own.Counterparties[:1], nil, nil, nil, nil, ""
	return w
}

// of is the own promise, changed.
func (w promised) of(change func(*bot.Commitment)) bot.Commitment {
	c := w.own
	change(&c)
	return c
}

// many are more promises than anything shows at once.
func many(c bot.Commitment) []bot.Commitment {
	list := make([]bot.Commitment, 30)
	for i := range list {
		list[i] = c
		list[i].ID = c.ID + i
	}
	return list
}

func (w promised) messages() map[string]Message {
	r, h := berliner, hoursOfBerlin()
	reader := bot.Member{ID: "U1", Zone: "Europe/Berlin", Locale: "en-GB"}
	done := w.of(func(c *bot.Commitment) { c.State, c.Closed = bot.Done, wednesday })
	released := w.of(func(c *bot.Commitment) { c.State, c.Closed = bot.Released, wednesday })
	proposed := w.of(func(c *bot.Commitment) { c.State, c.By = bot.Proposed, "U2" })
	read := bot.ParseFollowup(w.typed, bot.FollowupContext{When: when.Context{Now: wednesday, Zone: h.Zone, Locale: "en-GB"}, Invoker: "U1"})
	review := bot.Review{Owe: many(w.own), Owed: many(w.shared)}
	bundle := bot.Bundle{Reader: reader, Hours: h, Day: bot.Date{Year: 2026, Month: 3, Day: 27}, People: w.people}
	for i, c := range many(w.own) {
		bundle.Items = append(bundle.Items, bot.BundleItem{Commitment: c, Why: []bot.Why{bot.WhyDue, bot.WhyPlanned}[i%2], Last: i%3 == 0})
	}
	reviewed := bundle
	reviewed.Review = &review
	telling := bot.Telling{To: []string{"U2", "U3"}, Text: w.words}
	messages := map[string]Message{
		"echo":            followupCreated(r, w.own, bot.FollowupInput{Alternatives: []when.Due{*dueOn("2026-04-03")}, Confirm: true, Notice: when.TwoDates}, nil),
		"echo of another": followupCreated(r, proposed, bot.FollowupInput{}, nil),
		"list":            followupList(r, many(w.own), many(w.shared), 8, wednesday, "Kept: #7. Well done.", done),
		"kept":            followupDone(r, done), "released": followupReleased(released), "moved": followupMoved(r, w.own, nil, wednesday), "snoozed": followupSnoozed(r, w.own),
		"given": followupGiven(w.own), "accepted": followupAccepted(r, w.own), "edited": followupEdited(r, w.own), "shared": followupShared(w.own), "unshared": followupUnshared(w.own),
		"planned": followupPlanned(r, w.own, bot.Date{}, bot.Date{}), "stays": followupStays(r, w.own, bot.Date{}, bot.Date{}), "undone": followupUndoneBy("U1")(r, w.own),
		"undone by another": followupUndoneBy("U2")(r, proposed), "declined": followupDeclinedBy("U1")(r, proposed),
		"asked": followupAsked(r, w.shared, "U2", wednesday), "on track": followupOnTrack(r, w.own), "off track": followupOffTrack(r, w.own, wednesday),
		"freed": followupFreed(w.shared), "needed": followupNeeded(w.shared), "stayed": followupStayed(r, "U2", w.shared, w.of(func(c *bot.Commitment) { c.ID = 8 })),
		"passed": followupPassed(r, 7, proposed), "told": followupTold(w.own, telling), "unsaid": followupUnsaid(bot.Unsaid{Commitment: w.own, To: []string{"U2"}}),
		"bundle": bundleMessage(bundle), "review": bundleMessage(reviewed), "review now": reviewNow(r, review, bot.Preferences{}, h, wednesday),
		"timed":  timedMessage(bot.TimedReminder{Reader: reader, Hours: h, Commitment: w.own, Why: bot.WhyDue, People: w.people}),
		"back":   followupRefused(r, read, w.typed, wednesday),
		"back 2": followupRefused(r, bot.FollowupInput{Action: bot.FollowupError, Fault: bot.FollowupPast, Text: w.words, Suggestions: []when.Due{*dueOn("2026-03-27")}}, w.typed, wednesday),
	}
	var items []bot.AddressedItem
	for _, what := range []bot.What{
		bot.WhatProposed, bot.WhatOffered, bot.WhatAsked, bot.WhatLeft, bot.WhatFreed, bot.WhatAccepted, bot.WhatDeclined, bot.WhatLapsed, bot.WhatKept, bot.WhatOnTrack, bot.WhatMoved, bot.WhatSaid,
	} {
		item := bot.AddressedItem{What: what, Commitment: w.own, From: w.people["U2"], Words: w.words, Word: 1, Kind: bot.KindProposal, Ref: "1234567 " + string(what) + " U2 1"}
		items = append(items, item)
		messages["tells: "+string(what)] = addressedMessage(bot.Addressed{Reader: reader, Hours: h, Items: []bot.AddressedItem{item}, People: w.people})
		item.Over = true
		messages["over: "+string(what)] = addressedMany(bot.Addressed{Reader: reader, Hours: h, Items: []bot.AddressedItem{item, item}, People: w.people}, nil, Message{})
	}
	messages["tells of many"] = addressedMessage(bot.Addressed{Reader: reader, Hours: h, Items: items[:9], People: w.people})
	messages["tells of many more"] = addressedMessage(bot.Addressed{Reader: reader, Hours: h, Items: items[3:], People: w.people})
	thanks := bot.Kudos{ID: "k1", Giver: "U1", Recipients: []string{"U2"}, Message: kept("for keeping your word: "+w.words, bot.StandardKudosLimits().Characters), Private: true, Given: wednesday}
	messages["thanked"] = followupThanked(items[8], bot.GivenKudos{Kudos: thanks, People: w.people})
	return messages
}

func (w promised) modals() map[string]Modal {
	draft := bot.TellDraft{Commitment: w.own, People: w.people, Hours: hoursOfBerlin(), To: []bot.Member{w.people["U2"], w.people["U3"]}, Told: []string{"U3"}, Gone: []bot.Member{{ID: "U3", Name: w.name}}}
	for _, cp := range w.own.Counterparties {
		if cp.Member == "" {
			draft.Outside = append(draft.Outside, orElse(cp.Email, cp.Name))
		}
	}
	keptDraft := draft
	keptDraft.Kept = true
	return map[string]Modal{
		"form": followupForm(followupDraft{Input: bot.FollowupInput{Text: w.words, Counterparties: w.own.Counterparties, Due: w.own.Due, Every: w.own.Every}, About: w.own.About, People: w.people}),
		"edit": followupEditForm(w.own, w.people), "move": followupMoveForm(w.own), "slip": followupSlipForm(w.own), "more": followupMore(berliner, w.own, wednesday), "give": followupGiveForm(w.own), "pass": followupPassForm(w.own),
		"plan": followupPlanForm(w.own, *w.own.Plan), "tell": tellForm(berliner, draft, wednesday), "tell that it is done": tellForm(berliner, keptDraft, wednesday),
	}
}

func (w promised) home() Home {
	var heard []bot.Heard
	for range 5 {
		heard = append(heard, bot.Heard{From: "U2", Text: w.words, At: wednesday})
	}
	return homeView(berliner, bot.Home{
		Reader: bot.Member{ID: "U1"}, Hours: hoursOfBerlin(), Owe: many(w.own), Owed: many(w.shared), Heard: heard, People: w.people, Installer: true, Admin: true,
	}, wednesday)
}

// TestAMentionIsNoOtherOne: who is to get it is named, also where the text mentions somebody whose id begins like theirs.
func TestAMentionIsNoOtherOne(t *testing.T) {
	c := bot.Commitment{ID: 7, Owner: "U1", Text: "ask <@U23> for the deck", Counterparties: []bot.Counterparty{{Member: "U2"}}}
	if got, want := commitmentLine(c, commitmentAlone), fmt.Sprintf("*#7* ask %s for the deck · for %s", Mention("U23"), Mention("U2")); got != want {
		t.Errorf("says %q, want %q", got, want)
	}
}
