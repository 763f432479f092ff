// Package federated is what a federation's service and its clients compute:
// clients that keep their rows train one linear classifier with focal loss.
//
// A federation goes in rounds. A [Round] tells clients what to compute; each
// answers with a payload, an array of float64 whose length the round's [Kind]
// and the columns fix; an [Aggregate] makes one result of them, and
// [State.Next] the state of the next round. The state is bytes in between.
//
// Round 0 asks for statistics: sums by class, from which come the scaler, the
// class weights and the start, w = 0 and the intercept that is best alone. In
// [Exact] mode the rounds that follow ask for the sums of losses and their
// derivatives, and Newton steps lead to the optimum of
//
//	J(w, b) = (1/n)·Σ α_y·FL_γ(w·x̃ + b, y) + (l2/2)·‖w‖²
//
// over all rows, the same model whoever holds which rows: see package linear.
// In [Averaging] clients take steps on their own rows, and what they send is
// clipped, combined by a rule that can leave out extremes, and noised if asked.
// By such a rule a few clients that lie, of their rows or their updates, move
// the model little, unless what they say is likely and they are many beside those
// who hold the rarer class; in exact mode and by the mean a single one moves it
// anywhere.
//
// What exact mode sums can tell rows apart: statistics or derivatives of a
// client with one row are that row, and a sum over few clients says much of
// each. The minimum number of clients is what protects there, together with a
// service that keeps nothing but the sum; noise is of averaging only, and
// covers the updates, not the statistics of round 0.
//
// Sums do not depend on the machine but in the last digits of exp, and not at
// all on how often they are made: payloads are added in a fixed order.
package federated
