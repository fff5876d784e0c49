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
//	MARK     = by | due | before | no later than …      ("before friday" reads as "by friday")
//	         | para | pour …                            (the same, unless something is moved there: "mover la cita para el lunes")
//	         | on                                       (looked at: "what happened on friday" is none)
//	         | until | for | through …                  (doubtful: offered as an alternative, never taken)
//	WHEN     = DAY [TIME] | TIME [DAY] | WHEN or WHEN   (the earlier is taken, the later offered)
//	DAY      = today | tomorrow | day after tomorrow
//	         | [this|next] WEEKDAY | WEEKDAY next week | N UNIT from WEEKDAY | N UNIT from tomorrow | WEEKDAY week
//	         | in N UNIT | within N UNIT | N UNIT from now | in a fortnight
//	         | [WEEKDAY] DATE
//	         | eow | eom | [end of] [this|next] week|month|quarter|year | end of MONTH | end of q2
//	         | start of next week|month | start|middle of MONTH | first|…|last WEEKDAY of MONTH
//	         | the weekend                              (only after a MARK: the end of the working week; its own end is offered)
//	         | yesterday | last WEEKDAY | N UNIT ago    (recognised in order to be refused)
//	         | KW 14 | lundi 30                         (where people say so)
//	DATE     = 15 march [2027] | march 15 [2027] | the 15th | 2027-03-15 | 15.3.2027
//	         | 3/4 | 3/4/2027                           (the order of the locale; the other one is offered)
//	         | 1.10.                                    (where dates are written so)
//	TIME     = 9am | 9:30 pm | 17:00 | 17h30 | at 5 | half past 9 | noon | midnight | morning | afternoon | evening | eod
//	RULE     = every [N|other] UNIT | every WEEKDAY [and WEEKDAY…] | every other WEEKDAY
//	         | every first|…|last WEEKDAY [of the month] | every 15th | every weekday         [TIME]
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
package when
