"""Writes metrics.json: what scikit-learn says of small cases. See README.md."""
import json
import warnings

import numpy as np
from sklearn import metrics as sk
from sklearn.calibration import _SigmoidCalibration
from sklearn.isotonic import IsotonicRegression

warnings.filterwarnings("ignore")
rng = np.random.RandomState(7)


def ece(p, hit, w, bins=15):
    """Equal-mass bins, equal probabilities never apart; written from the definition."""
    groups = {}
    for value, y, weight in zip(p, hit, w):
        if weight > 0:
            g = groups.setdefault(value, [0.0, 0.0])
            g[0] += weight
            g[1] += weight * y
    total = sum(g[0] for g in groups.values())
    done, made, error = 0.0, 0, 0.0
    mass = prob = freq = 0.0
    for value in sorted(groups):
        weight, positive = groups[value]
        mass, prob, freq = mass + weight, prob + weight * value, freq + positive
        if (done + mass) * bins >= (made + 1) * total * (1 - 1e-12) or value == max(groups):
            error += abs(prob - freq)
            done, made = done + mass, made + 1
            mass = prob = freq = 0.0
    return error / total


def case(name, k, n, ties=False, weights=None, missing=None):
    logits = rng.normal(size=(n, k)) * 1.5
    if ties:
        logits = np.round(logits)
    p = np.exp(logits)
    p /= p.sum(axis=1, keepdims=True)
    if ties:
        p = np.round(p, 2)
        p[:, -1] = 1 - p[:, :-1].sum(axis=1)
        p = np.clip(p, 0, 1)
    labels = np.array([rng.choice(k, p=(row + 0.3) / (row + 0.3).sum()) for row in p])
    labels[: k] = np.arange(k)
    if missing is not None:
        labels[labels == missing] = (missing + 1) % k
    w = np.ones(n)
    if weights == "random":
        w = np.round(rng.exponential(size=n) * 4) / 4
        w[:k] = 1
    predicted = p.argmax(axis=1)
    if k == 2:
        predicted = (p[:, 1] >= 0.4).astype(int)
    given = None if weights is None else w
    present = [c for c in range(k) if w[labels == c].sum() > 0]
    out = {"name": name, "classes": k, "probabilities": p.ravel().tolist(), "labels": labels.tolist(), "predicted": predicted.tolist(),
           "weights": None if given is None else w.tolist()}
    out["confusion"] = sk.confusion_matrix(labels, predicted, labels=range(k), sample_weight=given).astype(float).ravel().tolist()
    precision, recall, f1, support = sk.precision_recall_fscore_support(labels, predicted, labels=range(k), sample_weight=given, zero_division=0)
    out["precision"], out["recall"], out["f1"] = precision.tolist(), recall.tolist(), f1.tolist()
    out["auc"] = [sk.roc_auc_score(labels == c, p[:, c], sample_weight=given) if c in present else 0 for c in range(k)]
    out["ap"] = [sk.average_precision_score(labels == c, p[:, c], sample_weight=given) if c in present else 0 for c in range(k)]
    true = np.clip(p[np.arange(n), labels], 2.0 ** -52, 1)
    out["logLoss"] = float(np.average(-np.log(true), weights=w))
    if not ties and missing is None:
        assert abs(out["logLoss"] - sk.log_loss(labels, p, labels=range(k), sample_weight=given)) < 1e-12
    out["brier"] = sk.brier_score_loss(labels, p[:, 1], sample_weight=given) if k == 2 else float(np.average(((p - np.eye(k)[labels]) ** 2).sum(axis=1), weights=w))
    out["mcc"] = sk.matthews_corrcoef(labels, predicted, sample_weight=given)
    out["balancedAccuracy"] = sk.balanced_accuracy_score(labels, predicted, sample_weight=given)
    out["accuracy"] = sk.accuracy_score(labels, predicted, sample_weight=given)
    recalls = recall[present]
    out["gMean"] = float(np.prod(recalls) ** (1 / len(recalls)))
    confidence = p[:, 1] if k == 2 else p[np.arange(n), predicted]
    out["ece"] = ece(confidence, labels == 1 if k == 2 else labels == predicted, w)
    return out


cases = [
    case("two classes", 2, 60),
    case("two classes, ties", 2, 200, ties=True),
    case("two classes, weights", 2, 80, weights="random"),
    case("two classes, ties and weights", 2, 120, ties=True, weights="random"),
    case("five rows", 2, 5),
    case("three classes", 3, 90),
    case("three classes, ties and weights", 3, 150, ties=True, weights="random"),
    case("four classes, one missing", 4, 100, missing=2),
]

calibrations = []
for weighted in (False, True):
    n = 120
    logits = np.round(rng.normal(size=n) * 2, 1)
    labels = (rng.uniform(size=n) < 1 / (1 + np.exp(-(0.6 * logits - 1)))).astype(int)
    w = np.round(rng.exponential(size=n), 2) + 0.01 if weighted else None
    p = 1 / (1 + np.exp(-logits))
    iso = IsotonicRegression(out_of_bounds="clip").fit(p, labels, w)
    at = np.linspace(0, 1, 23)
    sigmoid = _SigmoidCalibration().fit(logits, labels, w)
    calibrations.append({"logits": logits.tolist(), "labels": labels.tolist(), "weights": None if w is None else w.tolist(),
                         "at": at.tolist(), "isotonic": iso.predict(at).tolist(), "platt": [-sigmoid.a_, -sigmoid.b_]})

with open("metrics.json", "w") as f:
    f.write('{"cases": [\n' + ",\n".join(json.dumps(c) for c in cases) + '\n],\n"calibrations": [\n' + ",\n".join(json.dumps(c) for c in calibrations) + "\n]}\n")
