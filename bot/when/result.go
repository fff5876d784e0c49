package when

// Result is what was understood of a text. Everything zero is a first-class answer: there is no date.
type Result struct {
	// Due is the earliest plausible reading, or nil.
	Due *Due
	// Alternatives are other plausible readings, earliest first. With Due nil and Notice Unsure they are readings that
	// were too doubtful to be taken.
	Alternatives []Due
	// Confirm asks for a yes before anything depends on Due, which is filled.
	Confirm bool
	// Every is the rule of repetition, or nil; Due is then the first deadline.
	Every *Every
	// Rest is the text without its spans, trimmed: what the person typed, character for character.
	Rest string
	// Spans are the parts of the text that were read as a date or a rule, in order, not overlapping.
	Spans []Span
	// Parts are the pieces of a text with several deadlines, in the order of the text, each with its own; only then are they
	// filled. Due is the earliest of their deadlines, Alternatives hold the others, and Rest is the whole text.
	Parts []Part
	// Notice says what the person should be told about the reading.
	Notice Notice
	// Err says what is wrong with a date that was recognised; Due is nil then.
	Err *Error
}

// Span is a stretch of a text in bytes, half open.
type Span struct {
	Start, End int
}

// Part is one piece of a text with several deadlines: "draft by thursday and final by monday" has "draft" and "final".
type Part struct {
	Text string
	Due  Due
}

// Notice is a code for what a reading did beyond the words; views have the sentences.
type Notice string

// The notices.
const (
	// NextWorkDay: the working day or week that was meant is over, so the next one was taken.
	NextWorkDay Notice = "next_work_day"
	// AfterHours: today was meant and the working day is over, so the end of the day was taken.
	AfterHours Notice = "after_hours"
	// GapTime: the time that was said does not exist on that day and was shifted by the clock change.
	GapTime Notice = "gap_time"
	// RepeatedTime: the time comes twice that day and its first occurrence is over, so the first later one that comes once was
	// taken.
	RepeatedTime Notice = "repeated_time"
	// TwoDates: the text has two deadlines or more; Due is the earliest, Parts are the pieces.
	TwoDates Notice = "two_dates"
	// Unsure: a date stands at the end but may belong to something else; it is in Alternatives, not in Due.
	Unsure Notice = "unsure"
)

// ErrorCode says what is wrong with a date.
type ErrorCode string

// The error codes.
const (
	// Past: the date or time is over.
	Past ErrorCode = "past"
	// Impossible: the calendar has no such day.
	Impossible ErrorCode = "impossible"
	// Mismatch: the weekday and the date that were said exclude each other.
	Mismatch ErrorCode = "mismatch"
	// TooFar: more than ten years ahead.
	TooFar ErrorCode = "too_far"
	// NotADate: the phrase is none that is known. Only [Phrase] returns it.
	NotADate ErrorCode = "not_a_date"
)

// Error is a date that was recognised and cannot be taken. It carries no text of the person.
type Error struct {
	Code ErrorCode
	// Suggestions are dates that may have been meant, best first; all lie ahead.
	Suggestions []Due
}

// Error implements error for logs; people are told by views, from the code.
func (e *Error) Error() string { return "read date: " + string(e.Code) }

// Offers returns the two deadlines that fit most promises without one: the end of today, or of the next working day when
// today's is over or free, and the end of the working week, or of the next when that is the same day.
func Offers(c Context) []Due {
	first := c.EndOfDay(c.today())
	if !c.workDay(first.Date) || !c.ahead(first) {
		first = c.EndOfDay(c.workDaysAfter(c.today(), 1))
	}
	week := c.weekStart(first.Date)
	last := c.EndOfDay(c.weekEnd(week))
	if !first.Date.Before(last.Date) {
		last = c.EndOfDay(c.weekEnd(week.AddDays(7)))
	}
	return []Due{first, last}
}
