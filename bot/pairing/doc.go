// Package pairing decides who meets whom in a round, because everything else about an introduction is
// forgivable and a bad match is not: being left out for no reason, meeting the same person again, or meeting the one
// person one asked not to meet.
//
// It is pure. Members, rules, history, a date and a seed go in; groups, and reasons that the people concerned can check,
// come out. It reads no clock, does no I/O and keeps no state, so a round can be replayed from its stored input and
// seed, tried without effect, and tested against brute force.
//
// # The objective
//
// Hard rules come first and are never relaxed: whoever is a bot, deactivated, opted out, paused or skipping has no
// place; blocked pairs, managers with their reports if the program says so, and whatever the program requires.
// One predicate, pool.permits, states them for every path: rounds, trios, larger groups, late joiners (Admit) and
// matches made by hand (Permits).
//
// Among the rounds that remain, the best is the one that is best in the first of these levels in which two differ:
//
//  1. the fewest people are left out;
//  2. those left out are not those who were left out most often before, then most recently, then newcomers;
//     with a trio, its third seat goes to whose turn it is, which history tells;
//  3. the fewest pairs met within the window, and meetings longest ago are repeated first;
//  4. the most pairs are from different departments;
//  5. the most pairs have enough common working hours;
//  6. points for offers that meet asks, low familiarity, language, office, level and tenure;
//  7. chance, drawn from the seed.
//
// A preference is therefore never the cause of being left out. What a round does not keep is said in Round.Relaxed.
// What is unknown is neutral: an unknown department or zone is worth half of a satisfied preference and breaks no rule.
//
// # What is guaranteed, and what is not
//
// In every round, of any size: the hard rules hold; everybody available is in exactly one group or listed as left
// out (a mentor match lists its mentees); the same input and seed give the same round, whatever the order of the input's
// slices; Quality.Weight is at most Quality.UpperBound, and no round under the rules leaves out fewer than
// Quality.LeftOutBound, counting at most one trio in rounds of pairs.
//
// Pairs, up to 1,000 available members, are matched by an exact algorithm: a maximum-weight matching (see blossom.go)
// on weights that encode levels 1 to 7 without overflow. The duals that it ends with are a proof of optimality, which
// the tests check. A dense graph is solved on a part of its edges, and then its duals are tried on all the others
// (blossom_price.go): what is returned is proven for the whole graph all the same. How levels 1 and 2 fit into small numbers
// is explained at planExactly. Tests compare thousands of random rounds with brute force, and larger ones with the
// matching of another library in another language.
//
// At most one trio forms in a round of pairs, and only if one person fewer is left out for it. Odd pools are the
// usual reason; an even pool in which the rules leave people over is the other. The best trio is found by a branch and
// bound over the solver's duals with a limited budget. Quality.Exact says whether it was completed: the
// round is then the best of all with at most one trio. When it was not, the hard rules still hold and LeftOutBound may be
// below the number left out. The pair that the third joins is not drawn by chance: among equals it is the pair
// whose turn it rather is.
//
// Small even pools (to 24) in which everybody may meet everybody look ahead: while the pairs who have not met can still
// be split into rounds, the round is chosen so that the rest can be split too. The search for a split is a random walk
// from a seed that members and history fix. It found one in each of the thousands of rounds tried in tests, from empty
// history to the last round, but that is experience and no theorem. Where looking ahead changed a round, Exact is
// false, because levels 4 to 6 gave way to later rounds' level 3. Pools that are odd, change, or have pairs who may not
// meet are matched round by round.
//
// Pairs above 1,000 members are matched on a sample of all pairs: greedily, then changed so that levels 1 and 2 are
// exact on the sample, then improved by exchanges between two pairs. The greedy matching is worth at least half of the
// best one on its sample; covering more people may cost some of that, so that no share of the best is promised
// beforehand. Those left out get more candidates, up to four times; somebody may still be left out whom the exact method
// would place. On this scale the weight is a sum in which one unit of a level outweighs dozens of the next, not all of them.
//
// What is proven of such a round is how far it can be from the best one. UpperBound is a certificate that covers all
// pairs, sampled or not:
//
//   - At every level from 3 to 6, give each member v a number y(v) of at least zero, and every pair a base, so that
//     each permitted pair (u, v) is worth at most base + y(u) + y(v).
//   - The pairs of a round share no member, so that together they are worth at most base times their number plus the sum
//     of all y. That is weak duality of the linear program whose solutions are fractional matchings. The members of a
//     trio are in two pairs each; so the three largest y count once more where a trio is possible.
//   - The number of pairs is known from who can be placed at all, see LeftOutBound, because the best round places the most.
//   - The sum of the levels' bounds, put on the scale of Weight, is UpperBound.
//
// That each of some billions of pairs keeps to it needs no look at them: levels 4 to 6 are sums of parts, each of which
// depends only on the classes that the two are in (department, hours, languages, office, level, who leads and who sat with a
// leader) or on one topic, and feasible parts add up to a feasible whole. Within a part, the least y for classes are found exactly, as the dual of a
// transportation problem (dual_classes.go). Histories, blocks and managers only take away from what a pair is worth, and
// what only takes away cannot break a bound. A test asks all pairs of pools with up to 2,000 members
// whether they keep to it, and another compares the bound with the exact rounds of small ones. The bound is loose where repeats cannot be avoided,
// because it takes every pair for a first meeting, and where the parts cannot be had together.
//
// Quality.Share says how near Weight is to UpperBound without what a round of first meetings has in any case, so that it
// speaks of levels 4 to 6.
//
// LeftOutBound is proven the same way, with one for what every permitted pair is worth: no round places more than twice
// the sum of the y. Blocks and managers do not count in it, so that it tells nothing of them.
//
// A mentor match has members with roles. A mentor may meet mentees alone, and has as many as they offer seats. Groups are a
// mentor and a mentee; those left out are mentees, and a seat that nobody took is counted in Quality.FreeSeats. As many
// mentees as possible are served, then those who rank higher, exactly at any size: sets of mentees that can be served
// together form a transversal matroid, in which the greedy set is best. Up to 1,000 mentees and seats the whole match is
// the best one, by the blossom method on one vertex for each seat. Above that, who has a mentor is exact, found by
// alternating trees over everybody who may meet, and who that is comes from greedy choice, moves and exchanges.
//
// Leaders count in level 6: a colleague who sat with no leader within the window comes first, and leaders do not meet each
// other where that is avoidable. Where groups are pairs, a leader with two or three seats hosts a table of at most four,
// filled after the pairs are made: with whoever was left out, with a trio's third, then with pairs that dissolve. No table
// leaves anybody out or brings people together who met within the window, but it may cost levels 4 and 5. Exact is false in a
// program with tables; if a table grew, UpperBound speaks of rounds with the same group sizes,
// each of whose members counts as often as they are in a pair.
//
// Who wants to stretch gets points for every attribute of department, office, level and tenure in which the other is known
// to differ; two such wishes add up.
//
// Groups of three and four are a heuristic at any size, since placing the most people is NP-hard. What remains of a
// number that does not divide is spread over groups of two to four; nobody sits out only for arithmetic. With
// restrictive rules people may be left out whom another partition would place, and Quality.Exact is false. UpperBound speaks of
// rounds with the same group sizes.
//
// # Privacy
//
// Reasons say what speaks for a pair and never what spoke against another one. NoPartner covers blocks, managers and
// history alike, and OddPool depends on nothing but the number of members, of groups and of those left out. What an onlooker could infer
// from many rounds, that two people never meet, no matching can hide. The input's hash covers the blocks.
package pairing
