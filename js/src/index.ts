export { FocalClassifier, type FitOptions } from "./classifier.js";
export type { Dataset } from "./dataset.js";
export { createEngine, type Engine, type EngineOptions } from "./engine.js";
export { FocalfitError, type ErrorCode } from "./errors.js";
export type { Explanation } from "./explain.js";
export type { ClassScores, Evaluation, LabelsEvaluation, Maximize, Scores, TruthOptions, TunedThreshold } from "./judge.js";
export type { Label } from "./labels.js";
export type { WorkerLike } from "./link.js";
export { focalLoss, type FocalLossOptions, type FocalLossResult, type LossInput } from "./loss.js";
export type { CSRMatrix, DenseMatrix, Matrix, MatrixInput, RowsInput, TableMatrix } from "./matrix.js";
export type { ModelDocument } from "./model.js";
export type { ClassifierOptions, FeatureOptions, LabelWeights } from "./options.js";
export type { PartialFitOptions } from "./online.js";
export type { Predictor, ProbaOptions } from "./predictor.js";
export type { WasmModule } from "./protocol.js";
export type { TableRecipe, TableRow } from "./recipe.js";
export type { Calibration } from "./score.js";
export type { FitProgress, FitReport, HistoryEntry } from "./report.js";
export {
  crossValidate, metrics, split, tune,
  type CrossValidateOptions, type CrossValidation, type SearchProgress, type Split, type SplitOptions, type TuneOptions, type Tuning,
} from "./validation.js";
