// Package when reads the dates that people type, because a wrong deadline, or one where none was meant, costs more trust than
// a question. Go's date parsers guess; this one knows a small closed grammar and leaves everything else alone.
//
// It is pure: the time, the zone and the working days are arguments, and the answer is data. What people are told of it is
// said elsewhere, from its codes.
//
// # Grammar
//
// [Trailing] reads a sentence. Only its end counts, and its start for a rule; quotations, code, links and mentions never do.
//
//	SENTENCE = [RULE] TEXT [MARK WHEN | WHEN] [RULE] [please]
//	MARK     = by | due | on or before | no later than …  ("before friday" reads as "by friday")
//	         | para | pour …                            (the same, unless something is moved there: "mover la cita para el lunes")
//	         | on                                       (looked at: "what happened on friday" is none)
//	         | until | for | through | over …           (doubtful: offered as an alternative, never taken)
//	WHEN     = DAY [TIME] | DAY before TIME | TIME [DAY] | WHEN or WHEN   (the earlier is taken, the later offered)
//	DAY      = today | tomorrow | day after tomorrow | tomorrow (thursday)
//	         | [this|coming|next] WEEKDAY | WEEKDAY next week | N UNIT from WEEKDAY | N UNIT from tomorrow | WEEKDAY week | tomorrow week
//	         | in N UNIT | within N UNIT | N UNIT from now | in a UNIT or two | in a fortnight | 2 weeks today
//	         | in half an hour | in an hour and a half | in 1h30 | in 1 hr 30 min | within the hour
//	         | in acht Tagen | dans quinze jours        (where people say so for one and two weeks; 8 and 15 days are offered)
//	         | [WEEKDAY] DATE
//	         | eow | eom | [end of] [this|next] week|month|quarter|year | end of MONTH | end of q2 | by the end of h2 | end of the second quarter
//	         | start|middle of next week | start of next month | start|middle of MONTH | first|…|last WEEKDAY of MONTH [next month]
//	         | the 5th of next month
//	         | MONTH | q3                               (doubtful: its start and its end are offered; q3 only after a MARK)
//	         | the weekend                              (only after a MARK: the end of the working week; its own end is offered)
//	         | 3-5 april                                (only after a MARK: the first day; the last is offered)
//	         | yesterday | last WEEKDAY | last week | N UNIT ago   (recognised in order to be refused)
//	         | [start|middle|end of] KW 14 | WEEKDAY KW 14 | lundi 30   (where people say so)
//	DATE     = 15 march [2027] | march 15 [2027] | 8-apr-2026 | the 15th | 2027-03-15 | 2027-03-15T09:00 | 15.3.2027
//	         | 3/4 | 3/4/2027                           (the order of the locale; the other one is offered)
//	         | 1.10.                                    (where dates are written so)
//	TIME     = 9am | 9:30 pm | 17:00 | 17h30 | 9am ZONE | at 5 | at 9.30 | by 5 | five o'clock | around 5ish
//	         | half past 9 | quarter to 5 | half 3       (half 3 is doubtful: an hour earlier is offered)
//	         | noon | midnight | first thing | morning | afternoon | evening | friday pm | eod
//	ZONE     = the letters of the person's own zone: CET, ET     (a time of another zone is offered, in the person's own)
//	RULE     = every [N|other] UNIT | every WEEKDAY [and WEEKDAY…] | every other WEEKDAY
//	         | every first|…|last WEEKDAY [of the month] | every 15th | every weekday         [TIME]
//	N        = 2 | two | 2-3 | 2 to 3 | two or three     (of a range the lower counts, the higher is offered; not in a RULE)
//	UNIT     = minute | hour | day | business day | week | month | quarter | year
//
// The words are in one table per language (locale/*.txt), made for translators. A person's own language is tried together with
// English.
//
// # How a date is understood
//
//   - Without a time, a deadline is the end of that working day, and [Due.ExplicitTime] is false.
//   - A weekday is the next one, today included while it lasts; "next friday" before that Friday offers the one after it.
//   - Days and weeks are counted on the calendar, minutes and hours on the clock.
//   - A day without a year is the next such day. More than 180 days ahead asks for confirmation, more than ten years is refused.
//   - A time that a clock change skips is shifted by the gap; of one that comes twice the first is meant.
//   - Nothing is ever due in the past. A date that is over is an error, and a time of day that is over means tomorrow.
//   - A text with several deadlines is kept whole, due at the earliest, with its pieces in [Result.Parts].
//   - A part of the day without a day, a date after a verb of moving, and one beside another date that it does not go with are
//     offered, not taken.
//   - Words that are often something else (sun, may, 3/4, 17:00) count only after a mark or beside something clear.
//   - An hour from 1 to 6 without more is in the afternoon. "by 5" is a time beside a verb of handing over, otherwise a question.
//   - A date after nothing but thanks, or soon after "before" or "after" and what is to happen then, is offered: "danke, bis
//     morgen", "before the demo on friday".
//   - "on march 3", soon after that day, is more likely this year's than the next, so it is offered. Where people never say it
//     without its article ("le 3 mars"), only after what was done.
//   - What is not to be done before a date, a stretch of time ("Montag bis Freitag") and a name ("para Domingo") are offered.
//   - Of several deadlines the one of a "final" piece follows the one before it.
package when
