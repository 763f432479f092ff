export { FocalClassifier, type FitOptions } from "./training/classifier.js";
export type { Dataset } from "./engine/dataset.js";
export { createEngine, type Engine, type EngineOptions } from "./engine/engine.js";
export { FocalfitError, type ErrorCode } from "./input/errors.js";
export type { Explanation } from "./model/explain.js";
export type { ClassScores, Evaluation, LabelsEvaluation, Maximize, Scores, TruthOptions, TunedThreshold } from "./training/judge.js";
export type { Label } from "./input/labels.js";
export type { WorkerLike } from "./engine/link.js";
export { focalLoss, type FocalLossOptions, type FocalLossResult, type LossInput } from "./training/loss.js";
export type { CSRMatrix, DenseMatrix, Matrix, MatrixInput, RowsInput, TableMatrix } from "./input/matrix.js";
export type { ModelDocument } from "./model/model.js";
export type { ClassifierOptions, FeatureOptions, LabelWeights } from "./training/options.js";
export type { PartialFitOptions } from "./training/online.js";
export type { Predictor, ProbaOptions } from "./model/predictor.js";
export type { WasmModule } from "./engine/protocol.js";
export type { TableRecipe, TableRow } from "./model/recipe.js";
export type { Calibration } from "./model/score.js";
export type { FitProgress, FitReport, HistoryEntry } from "./training/report.js";
export {
  crossValidate, metrics, split, tune,
  type CrossValidateOptions, type CrossValidation, type SearchProgress, type Split, type SplitOptions, type TuneOptions, type Tuning,
} from "./training/validation.js";
