// The measures that run in Node and in a page alike, in their order.
import fit from "./fit.mjs";
import growth from "./growth.mjs";
import pass from "./pass.mjs";
import predict from "./predict.mjs";
import softmax from "./softmax.mjs";
import sparse from "./sparse.mjs";
import tune from "./tune.mjs";
import upload from "./upload.mjs";

export const measures = [pass, softmax, sparse, fit, upload, predict, tune, growth];
