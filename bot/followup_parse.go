package bot

import (
	"slices"
	"strconv"
	"strings"
	"unicode"

	"rapport/bot/when"
)

// FollowupAction is what a person's text after /followup asks for.
type FollowupAction string

// The actions.
const (
	FollowupCreate FollowupAction = "create"
	FollowupModal  FollowupAction = "modal" // open the form, filled with what was understood
	FollowupList   FollowupAction = "list"
	FollowupDone   FollowupAction = "done"
	FollowupSnooze FollowupAction = "snooze"
	FollowupMove   FollowupAction = "move"
	FollowupGive   FollowupAction = "give"
	FollowupDrop   FollowupAction = "drop"
	FollowupHelp   FollowupAction = "help"
	FollowupError  FollowupAction = "error" // Fault says why; nothing is stored, and what was understood is kept for the form
)

// What can be wrong with a follow-up as it was typed; [FollowupPerson] is another. The first four speak of its date.
const (
	FollowupPast       FaultCode = "followup_past_date"
	FollowupImpossible FaultCode = "followup_impossible_date"
	FollowupMismatch   FaultCode = "followup_weekday_mismatch" // weekday and date exclude each other
	FollowupTooFar     FaultCode = "followup_too_far"
	FollowupNotADate   FaultCode = "followup_not_a_date"    // after snooze or move
	FollowupNeedsDate  FaultCode = "followup_needs_date"    // snooze or move alone
	FollowupNeedsID    FaultCode = "followup_needs_id"      // a verb without #id
	FollowupOneID      FaultCode = "followup_one_id"        // several at once
	FollowupNeedsOne   FaultCode = "followup_needs_person"  // give without exactly one colleague
	FollowupUnpicked   FaultCode = "followup_unpicked_name" // "@ana" was typed, not picked from the completion
)

// FollowupInput is how a text after /followup was understood. It says what stands there, not whether it may be done.
type FollowupInput struct {
	Action FollowupAction
	// ID is the number of a commitment, for the verbs that take one.
	ID int
	// Owner owes: the invoker unless Proposed, or for "give" the member who is to take over.
	Owner string
	// Proposed is true when Owner has yet to accept.
	Proposed bool
	// Counterparties are each named once, in order.
	Counterparties []Counterparty
	// Text is what is promised, escaped as Slack sent it, without date, rule, and the counterparties around it. A mention
	// inside the sentence stays in it. After "done" and "drop" it is what else was typed.
	Text string
	// Due is the earliest plausible deadline in the owner's zone, or nil.
	Due *when.Due
	// Alternatives are other plausible deadlines. With Due nil and Notice when.Unsure they were too doubtful to be taken.
	Alternatives []when.Due
	// Confirm asks for a yes before anything depends on Due.
	Confirm bool
	// Every is the rule of repetition, or nil.
	Every *when.Every
	// Parts are the pieces of a text with several deadlines (Notice is when.TwoDates then), in the order of the text, each with
	// its own deadline. A split makes one commitment of each; until somebody splits it, the whole Text is due at Due, the
	// earliest, and Alternatives hold the others.
	Parts  []when.Part
	Notice when.Notice
	// Fault is set for FollowupError. Suggestions are dates that may have been meant.
	Fault       FaultCode
	Suggestions []when.Due
}

// FollowupContext is who typed the text, and what can be known of the people in it without asking anybody.
type FollowupContext struct {
	// When is the invoker's. Required.
	When when.Context
	// Invoker is the member's id. Required.
	Invoker string
	// Refused reports members who cannot be owners or counterparties, such as bots. Nil refuses nobody.
	Refused func(id string) bool
	// Named finds a member by the handle of a plain "@ana", which Slack sends where it escapes nothing. Nil finds nobody.
	Named func(handle string) (id string, ok bool)
	// Owner returns the zone and working days of a proposed owner, whose day a deadline without a time ends. Nil, or false,
	// means that they are the invoker's.
	Owner func(id string) (when.Context, bool)
}

// ParseFollowup reads text, escaped as Slack sends it. It has no error: what cannot be understood is text, and what cannot be
// done carries a Fault.
//
//	[from @owner | @cp… | to|for|with CP] TEXT [by|due|on WHEN] [every RULE]    CP = @user | "Name, Org" | email
//	list | done #7 | snooze #7 WHEN | move #7 [to] WHEN | give #7 @x | drop #7 | help
func ParseFollowup(text string, c FollowupContext) FollowupInput {
	d := followupDraft{c: c, words: followupWordsOf(c.When.Locale)}
	d.in = FollowupInput{Action: FollowupCreate, Owner: c.Invoker}
	text = strings.TrimFunc(text, unicode.IsSpace)
	switch {
	case text == "":
		d.in.Action = FollowupModal
	case !d.verb(text):
		d.create(text)
	}
	return d.in
}

// followupDraft is an input being made.
type followupDraft struct {
	c     FollowupContext
	words followupVocabulary
	in    FollowupInput
}

func (d *followupDraft) fail(code FaultCode) {
	if d.in.Fault == "" {
		d.in.Action, d.in.Fault = FollowupError, code
	}
}

// verb reads the commands that are no new commitment; false means that text is one. Verbs need a number with its "#", so that
// "cancel the plan" and "move the desk" stay promises.
func (d *followupDraft) verb(text string) bool {
	word, rest := cutVerb(text)
	action := FollowupAction(strings.ToLower(word))
	switch action {
	case FollowupList, FollowupHelp:
		if rest != "" {
			return action == FollowupList && d.listWith(rest)
		}
		d.in.Action = action
		return true
	case FollowupDone, FollowupSnooze, FollowupMove, FollowupGive, FollowupDrop:
	default:
		return false
	}
	number, rest := cutWord(rest)
	id, ok := commitmentNumber(number)
	if !ok {
		if bare := number == "" || rest == "" && strings.Trim(number, "0123456789") == ""; !bare {
			return false
		}
		d.fail(FollowupNeedsID)
		return true
	}
	d.in.Action, d.in.ID = action, id
	if next, _ := cutWord(strings.TrimPrefix(rest, "and ")); action != FollowupGive && startsWithNumber(next) {
		d.fail(FollowupOneID)
		return true
	}
	switch action {
	case FollowupSnooze, FollowupMove:
		d.newDate(rest)
	case FollowupGive:
		d.newOwner(rest)
	default:
		d.in.Text = rest
	}
	return true
}

func (d *followupDraft) newDate(text string) {
	if text == "" {
		d.fail(FollowupNeedsDate)
		return
	}
	d.takeDate(when.Phrase(d.afterOldDate(text), d.c.When))
}

func (d *followupDraft) newOwner(text string) {
	words := followupWords(strings.TrimPrefix(text, "to "))
	cp, fault, ok := d.person(words)
	switch {
	case fault != "":
		d.fail(fault)
	case !ok || cp.Member == "" || len(words) != 1:
		d.fail(FollowupNeedsOne)
	default:
		d.in.Owner, d.in.Proposed = cp.Member, cp.Member != d.c.Invoker
	}
}

// create reads a new commitment.
func (d *followupDraft) create(text string) {
	body := d.leading(text)
	if body == text {
		body = d.leadingAfterRule(text)
	}
	led := len(d.in.Counterparties) > 0 || d.in.Proposed
	body, found := d.trailing(body, led)
	if !led && len(d.in.Counterparties) == 0 {
		d.mentioned(body)
	}
	d.in.Text = body
	d.takeDate(found)
	if d.in.Text == "" && d.in.Fault == "" {
		d.in.Action = FollowupModal
	}
}

// leading takes the owner or the counterparties from the start of text and returns what follows them.
func (d *followupDraft) leading(text string) string {
	words := followupWords(text)
	lead := 0
	switch first := strings.ToLower(words[0].text); {
	case d.words.from[first] && len(words) > 1:
		owner, fault, ok := d.person(words[1:])
		if !ok && fault == "" {
			return text
		}
		d.failIf(fault)
		d.propose(owner)
		return restAfter(text, words, 2)
	case d.words.to[first]:
		lead = 1
	}
	taken := d.people(words, lead, lead == 1)
	if taken == lead {
		return text
	}
	return restAfter(text, words, taken)
}

func (d *followupDraft) propose(owner Counterparty) {
	switch {
	case owner.Member == "":
		d.fail(FollowupPerson)
	case owner.Member != d.c.Invoker:
		d.in.Owner, d.in.Proposed = owner.Member, true
		d.in.Counterparties = []Counterparty{{Member: d.c.Invoker}}
	}
}

// people takes the run of counterparties at words[from:], joined by commas or "and", and returns where it ends. Only after a
// word like "to" is a quotation a name.
func (d *followupDraft) people(words []followupWord, from int, quoted bool) int {
	end := from
	for at := from; at < len(words); at++ {
		if at > from && (d.words.and[strings.ToLower(words[at].text)] || words[at].isPunctuation()) {
			continue
		}
		cp, fault, ok := d.person(words[at:])
		if !ok && fault == "" && quoted && words[at].kind == followupQuote {
			cp, ok = outsider(words[at].text, false)
		}
		if !ok && fault == "" {
			break
		}
		d.failIf(fault)
		if fault == "" {
			d.addCounterparty(cp)
		}
		end = at + 1
	}
	return end
}

func (d *followupDraft) failIf(fault FaultCode) {
	if fault != "" {
		d.fail(fault)
	}
}

func (d *followupDraft) addCounterparty(cp Counterparty) {
	if !slices.Contains(d.in.Counterparties, cp) {
		d.in.Counterparties = append(d.in.Counterparties, cp)
	}
}

// leadingAfterRule takes counterparties that stand after a leading rule: "every friday @bob the numbers".
func (d *followupDraft) leadingAfterRule(text string) string {
	spans := when.Trailing(text, d.c.When).Spans
	if len(spans) == 0 || spans[0].Start != 0 || spans[0].End == len(text) {
		return text
	}
	return text[:spans[0].End] + d.leading(text[spans[0].End:])
}

// trailing takes the date and the rule from the end of body, and the people after them. Those after a word like "with" stay
// in the text.
func (d *followupDraft) trailing(body string, led bool) (string, when.Result) {
	words := followupWords(body)
	end := len(words)
	for end > 0 && (words[end-1].isPerson() || d.words.and[strings.ToLower(words[end-1].text)] || words[end-1].isPunctuation()) {
		end--
	}
	if end == len(words) || end == 0 {
		r := when.Trailing(body, d.c.When)
		return r.Rest, r
	}
	start, kept := end, false
	if d.words.to[strings.ToLower(words[end-1].text)] {
		start, kept = end-1, true
	}
	head, tail := body[:words[start].start], body[words[start].start:]
	r := when.Trailing(head, d.c.When)
	if !endsWithSpan(r, head) && len(r.Parts) == 0 { // several dates stay in the text
		r = when.Trailing(body, d.c.When)
		return r.Rest, r
	}
	for !words[end].isPerson() && end < len(words)-1 { // a word that joins the first of them
		end++
	}
	if !kept || !led {
		end = d.people(words, end, kept)
	}
	if !kept && slices.ContainsFunc(words[end:], followupWord.isPerson) { // such as two that are written as one word
		kept, tail = true, body[words[end].start:]
	}
	if kept {
		r.Rest = strings.TrimSpace(r.Rest + " " + tail)
	}
	return r.Rest, r
}

// endsWithSpan reports whether a date or a rule was taken from the end of text.
func endsWithSpan(r when.Result, text string) bool {
	return len(r.Spans) > 0 && r.Spans[len(r.Spans)-1].End >= len(strings.TrimRightFunc(text, unicode.IsSpace))
}

// mentioned takes the counterparties from inside the sentence, where they stay: "send the deck to @bob". Somebody of or about
// whom it speaks is none: "read what came from @bob", "@bob's deck".
func (d *followupDraft) mentioned(body string) {
	words := followupWords(body)
	for at := 0; at < len(words); at++ {
		before := ""
		if at > 0 {
			before = strings.ToLower(words[at-1].text)
		}
		to := d.words.to[before]
		switch {
		case to:
			if cp, ok := outsider(words[at].text, true); ok && words[at].kind == followupQuote {
				d.addCounterparty(cp)
				continue
			}
			at = max(at, d.people(words, at, false)-1)
		case words[at].isPerson() && !d.words.speaksOf[before]:
			if cp, fault, ok := d.person(words[at:]); ok && fault == "" {
				d.addCounterparty(cp)
			}
		}
	}
}

// takeDate takes what was understood of a date.
func (d *followupDraft) takeDate(r when.Result) {
	d.in.Due, d.in.Alternatives, d.in.Confirm, d.in.Every, d.in.Notice = r.Due, r.Alternatives, r.Confirm, r.Every, r.Notice
	d.in.Parts = r.Parts
	if r.Err != nil {
		codes := map[when.ErrorCode]FaultCode{
			when.Past: FollowupPast, when.Impossible: FollowupImpossible, when.Mismatch: FollowupMismatch,
			when.TooFar: FollowupTooFar, when.NotADate: FollowupNotADate,
		}
		d.fail(codes[r.Err.Code])
		d.in.Suggestions = r.Err.Suggestions
	}
	d.endOwnersDay()
	d.in.Alternatives = slices.DeleteFunc(d.in.Alternatives, func(other when.Due) bool { return d.in.Due != nil && other == *d.in.Due })
}

// endOwnersDay lets deadlines without a time end with the working day of a proposed owner instead of the invoker's.
func (d *followupDraft) endOwnersDay() {
	if !d.in.Proposed || d.c.Owner == nil || d.in.Action == FollowupGive {
		return
	}
	owner, ok := d.c.Owner(d.in.Owner)
	if !ok {
		return
	}
	end := func(due *when.Due) {
		if !due.ExplicitTime {
			*due = owner.EndOfDay(due.Date)
		}
	}
	for _, dues := range [][]when.Due{d.in.Alternatives, d.in.Suggestions} {
		for i := range dues {
			end(&dues[i])
		}
	}
	for i := range d.in.Parts {
		end(&d.in.Parts[i].Due)
	}
	if d.in.Due == nil {
		return
	}
	if end(d.in.Due); !d.in.Due.UTC().After(owner.Now) {
		*d.in.Due, d.in.Notice = when.Offers(owner)[0], when.NextWorkDay
	}
}

func cutWord(text string) (word, rest string) {
	n := strings.IndexFunc(text, unicode.IsSpace)
	if n < 0 {
		return text, ""
	}
	return text[:n], strings.TrimSpace(text[n:])
}

// cutVerb is cutWord for the first word, which may be joined to the number that follows: "done#7", "done: #7".
func cutVerb(text string) (word, rest string) {
	word, rest = cutWord(text)
	if at := strings.IndexByte(word, '#'); at > 0 && startsWithNumber(word[at:]) {
		word, rest = word[:at], strings.TrimSpace(text[at:])
	}
	if next, _ := cutWord(rest); startsWithNumber(next) {
		word = strings.TrimRight(word, ":,")
	}
	return word, rest
}

// commitmentNumber reads "#7".
func commitmentNumber(word string) (int, bool) {
	digits, ok := strings.CutPrefix(strings.TrimRight(word, ",.:;!?"), "#")
	if !ok || digits == "" || len(digits) > 9 || strings.Trim(digits, "0123456789") != "" {
		return 0, false
	}
	id, err := strconv.Atoi(digits)
	return id, err == nil && id > 0
}

func startsWithNumber(word string) bool {
	_, ok := commitmentNumber(word)
	return ok
}
