package bot

import (
	"slices"
	"strings"
)

// KudosAction is what a person's text after /kudos asks for.
type KudosAction string

// The actions.
const (
	KudosGive     KudosAction = "give"  // everything is there
	KudosModal    KudosAction = "modal" // open the form, filled with what was understood
	KudosHelp     KudosAction = "help"
	KudosMine     KudosAction = "mine"
	KudosUndo     KudosAction = "undo"
	KudosDigest   KudosAction = "digest"
	KudosForgetMe KudosAction = "forget-me"
	KudosError    KudosAction = "error" // Fault says why; nothing is stored
)

// What can be wrong with a kudos as it was typed. With KudosModal they say what the form should point at.
const (
	KudosNoRecipient    FaultCode = "kudos_no_recipient"      // modal: the text does not begin with a person or user group
	KudosUnpickedPerson FaultCode = "kudos_unpicked_person"   // modal: "@ana" was typed, not picked from the completion
	KudosUnclearPrivate FaultCode = "kudos_unclear_private"   // modal: something like --privat; Private is set
	KudosTooMany        FaultCode = "kudos_too_many_people"   // error: more people than KudosLimits.Recipients
	KudosTooShort       FaultCode = "kudos_message_too_short" // error: "send as it is" may be offered when Message is not empty
	KudosTooLong        FaultCode = "kudos_message_too_long"  // error: more than KudosLimits.Characters
)

// KudosInput is how a text after /kudos was understood. It says what stands there, not who these people are.
type KudosInput struct {
	Action KudosAction `json:"action"`
	// Recipients are the members of the leading run of mentions, each once, in order.
	Recipients []string `json:"recipients"`
	// Groups are the user groups of the leading run, each once, in order.
	Groups []string `json:"groups"`
	// Message is what is thanked for, escaped as Slack sent it, without the leading run, "for", --private, and a value that
	// stands at either end. A value inside a sentence stays in it.
	Message string `json:"message"`
	// Value is the first value that was named, in the workspace's own spelling; "" for none.
	Value string `json:"value"`
	// Private is set by --private anywhere outside code.
	Private bool `json:"private"`
	// Fault is set for KudosError, and for KudosModal where something needs the person's eye.
	Fault FaultCode `json:"error"`
	// Parts tile the text: every byte of it belongs to exactly one.
	Parts []KudosPart `json:"-"`
}

// KudosRole is what one part of the text was taken for.
type KudosRole string

// The roles of parts.
const (
	KudosPartRecipient KudosRole = "recipient"
	KudosPartJoiner    KudosRole = "joiner" // spaces, commas, "and", "for" around recipients; spaces around what is not message
	KudosPartMessage   KudosRole = "message"
	KudosPartValue     KudosRole = "value" // only where it was taken out of the message
	KudosPartPrivate   KudosRole = "private"
	KudosPartVerb      KudosRole = "verb"
)

// KudosPart is a stretch of the text, as byte offsets: text[Start:End].
type KudosPart struct {
	Role       KudosRole
	Start, End int
}

// KudosLimits bound what a kudos may be.
type KudosLimits struct {
	Recipients int // people named one by one; user groups count when they are resolved
	Letters    int // letters and digits that a message needs
	Dense      int // the same in scripts written without spaces, in which a letter says more
	Characters int // runes that a message may have, as a reader sees them
}

// StandardKudosLimits are the limits that every workspace begins with.
func StandardKudosLimits() KudosLimits {
	return KudosLimits{Recipients: 10, Letters: 15, Dense: 6, Characters: 1000}
}

// KudosGrammar reads what people type after /kudos.
type KudosGrammar struct {
	// Values are the workspace's value names. Empty means none: every #word is text.
	Values []string
	// Limits are required.
	Limits KudosLimits
}

// ParseKudos reads text, escaped as Slack sends it, with the standard limits. Values are all names that count as a value; nil
// stands for the standard ones. It has no error: what cannot be understood opens the form.
func ParseKudos(text string, values []string) KudosInput {
	if values == nil {
		for _, v := range StandardValues() {
			values = append(values, v.Name)
		}
	}
	return KudosGrammar{Values: values, Limits: StandardKudosLimits()}.Parse(text)
}

// Parse reads text, escaped as Slack sends it.
func (g KudosGrammar) Parse(text string) KudosInput {
	in := KudosInput{Action: KudosGive, Recipients: []string{}, Groups: []string{}}
	trimmed := strings.TrimFunc(text, isBlank)
	if trimmed == "" {
		in.Action = KudosModal
		in.Parts = tileParts(nil, len(text))
		return in
	}
	if verb, ok := kudosVerb(trimmed); ok {
		in.Action = verb
		start := strings.Index(text, trimmed)
		in.Parts = tileParts([]KudosPart{{KudosPartVerb, start, start + len(trimmed)}}, len(text))
		return in
	}
	d := kudosDraft{text: text, rest: text, pieces: ScanPieces(text)}
	d.takePrivate(&in)
	d.takeRun(&in)
	d.takeValue(&in, g.Values)
	d.takeMessage(&in)
	in.Parts = tileParts(d.parts, len(text))
	in.Action, in.Fault = g.judge(in, d)
	return in
}

// judge decides what becomes of what was understood: first what cannot be stored at all, then what needs the person's eye.
func (g KudosGrammar) judge(in KudosInput, d kudosDraft) (KudosAction, FaultCode) {
	switch {
	case len(in.Recipients) > g.Limits.Recipients:
		return KudosError, KudosTooMany
	case CountText(in.Message) > g.Limits.Characters:
		return KudosError, KudosTooLong
	case d.unpicked:
		return KudosModal, KudosUnpickedPerson
	case d.runEnd == 0:
		return KudosModal, KudosNoRecipient
	case d.unclearPrivate:
		return KudosModal, KudosUnclearPrivate
	case in.Message == "" && countBlanks(d.text[d.runEnd:]) < g.Limits.Letters:
		return KudosModal, ""
	case !g.Limits.enough(in.Message):
		// A message of many spaces comes here too: that is an attempt to be long enough, and gets the same answer.
		return KudosError, KudosTooShort
	}
	return KudosGive, ""
}

// enough reports whether message says something. Letters of dense scripts and of others add up, each by its own measure. A
// mention counts as a name of six letters: whose it is nobody knows here. Emoji and links say nothing.
func (l KudosLimits) enough(message string) bool {
	const nameLetters = 6
	letters, dense := 0, 0
	for _, p := range ScanPieces(message) {
		switch p.Kind {
		case PieceText, PieceCode:
			n, m := countLetters(withoutEmojiNames(withoutAddresses(UnescapeText(p.Raw(message)))))
			letters, dense = letters+n, dense+m
		case PieceUser, PieceUserGroup, PieceChannel, PieceEmail:
			letters += nameLetters
		}
	}
	return letters*l.Dense+dense*l.Letters >= l.Letters*l.Dense
}

// kudosDraft takes one thing after another out of the text.
type kudosDraft struct {
	text   string
	pieces []Piece
	// rest is text with what was taken out replaced by spaces, byte by byte, so that offsets stay.
	rest  string
	parts []KudosPart
	// runEnd is where the leading run of mentions ends; 0 when there is none.
	runEnd         int
	unpicked       bool
	unclearPrivate bool
}

func (d *kudosDraft) note(role KudosRole, start, end int) {
	d.parts = append(d.parts, KudosPart{role, start, end})
}

// blankOut replaces what the parts cover by spaces in rest, in one pass.
func (d *kudosDraft) blankOut() {
	rest := []byte(d.text)
	for _, p := range d.parts {
		for i := p.Start; i < p.End; i++ {
			rest[i] = ' '
		}
	}
	d.rest = string(rest)
}

// takePrivate takes --private out, wherever it stands outside code: a private word shown to all is the one mistake that cannot
// be undone. Keyboards that turn two hyphens into a dash are understood; what only resembles the flag opens the form.
func (d *kudosDraft) takePrivate(in *KudosInput) {
	for _, p := range d.pieces {
		if p.Kind != PieceText {
			continue
		}
		at := p.Start
		for word := range strings.FieldsFuncSeq(p.Raw(d.text), isBlank) {
			at += strings.Index(d.text[at:p.End], word)
			flag, exact := privateFlag(word)
			if exact {
				start := at + strings.Index(word, flag)
				end := start + len(flag)
				end += len(d.text[end:at+len(word)]) - len(strings.TrimLeft(d.text[end:at+len(word)], ".,;:!?"))
				d.note(KudosPartPrivate, start, end)
			}
			in.Private = in.Private || flag != ""
			d.unclearPrivate = d.unclearPrivate || flag != "" && !exact
			at += len(word)
		}
	}
	d.blankOut()
}

// takeRun takes the mentions with which the text begins. Only joiners may stand before and between them. A verb before them ("help
// @ana was great") takes nothing: the form then opens with these people and the whole text.
func (d *kudosDraft) takeRun(in *KudosInput) {
	at, verb := leadingVerb(d.rest)
	for _, p := range d.pieces {
		if p.End <= at {
			continue
		}
		start := max(p.Start, at)
		if p.Kind == PieceText && joinerLength(d.rest[start:p.End]) == p.End-start {
			continue
		}
		switch p.Kind {
		case PieceUser:
			in.Recipients = appendOnce(in.Recipients, p.ID)
		case PieceUserGroup:
			in.Groups = appendOnce(in.Groups, p.ID)
		default:
			d.unpicked = isTypedName(d.rest[start:p.End]) && !verb
			return
		}
		if !verb {
			d.note(KudosPartRecipient, p.Start, p.End)
			d.runEnd = p.End
		}
	}
}

// takeValue finds the first #word that is one of values, and takes it out when it stands at an end of the message. Inside a
// sentence it stays, or the sentence would miss a word.
func (d *kudosDraft) takeValue(in *KudosInput, values []string) {
	known := foldedValues(values)
	for _, p := range d.pieces {
		if p.Kind != PieceText {
			continue
		}
		for _, tag := range findTags(d.rest[p.Start:p.End]) {
			start, end := p.Start+tag.Start, p.Start+tag.End
			name, ok := known[foldValue(strings.TrimLeft(d.rest[start:end], "#＃"))]
			if !ok {
				continue
			}
			in.Value = name
			if allBlank(d.rest[d.runEnd:start]) || allBlank(d.rest[end:]) {
				d.note(KudosPartValue, start, end)
				d.blankOut()
			}
			return
		}
	}
}

// takeMessage joins what is left after the run and its "for". Where a flag stood inside, one gap stays, not two.
func (d *kudosDraft) takeMessage(in *KudosInput) {
	start := d.runEnd
	if d.runEnd > 0 {
		start += fillerLength(d.rest[d.runEnd:])
	}
	start += leadingBlanks(d.rest[start:])
	end := start + len(strings.TrimRightFunc(d.rest[start:], isBlank))
	var b strings.Builder
	keep := func(from, to int) {
		if from < to {
			b.WriteString(d.text[from:to])
			d.parts = append(d.parts, KudosPart{KudosPartMessage, from, to})
		}
	}
	slices.SortFunc(d.parts, func(a, b KudosPart) int { return a.Start - b.Start })
	for _, p := range slices.Clone(d.parts) {
		if p.Start < start || p.End > end {
			continue
		}
		keep(start, p.Start)
		start = p.End + leadingBlanks(d.rest[p.End:end])
	}
	keep(start, end)
	in.Message = b.String()
}
