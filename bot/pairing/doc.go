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
// out; the same input and seed give the same round, whatever the order of the input's slices; Quality.Weight is at
// most Quality.UpperBound, and no round under the rules leaves out fewer than Quality.LeftOutBound, counting
// at most one trio in rounds of pairs.
//
// Pairs, up to 600 available members, are matched by an exact algorithm: a maximum-weight matching (see blossom.go)
// on weights that encode levels 1 to 7 without overflow. The duals that it ends with are a proof of optimality, which
// the tests check. How levels 1 and 2 fit into small numbers is explained at planExactly.
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
// Pairs above 600 members are matched on a sample of all pairs: greedily, then changed so that levels 1 and 2 are
// exact on the sample, then improved by exchanges between two pairs. The greedy matching is worth at least half of the
// best one on the sample; covering more people may cost some of that, so that no bound on the worth is promised.
// Nothing is proven about the pairs that were not sampled. Those left out get up to four times more candidates; somebody may still be left out whom the exact method would place.
// On this scale the weight is a sum in which one unit of a level outweighs dozens of the next, not all of them. UpperBound
// is what the round would be worth if every pair were the best that the rules can describe, which is loose.
//
// Groups of three and four are a heuristic at any size, since placing the most people is NP-hard. What remains of a
// number that does not divide is spread over groups of two to four; nobody sits out only for arithmetic. With
// restrictive rules people may be left out whom another partition would place, and Quality.Exact is false.
//
// # Privacy
//
// Reasons say what speaks for a pair and never what spoke against another one. NoPartner covers blocks, managers and
// history alike, and OddPool depends on nothing but the number of members, of groups and of those left out. What an onlooker could infer
// from many rounds, that two people never meet, no matching can hide. The input's hash covers the blocks.
package pairing
