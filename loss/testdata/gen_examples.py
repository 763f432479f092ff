"""examples.json: the three classes of pytorch_examples.py as written, beside what they mean.

Run: python3 generate.py examples. Numbers: asWritten is what PyTorch returns on the CPU in the dtype given (value, or the
error, or all the values when nothing is reduced; value is null and nonFinite says which when it is not finite);
meant is the mean over rows in float64 log space (gen_torch.py) with alpha on the positive class and 1 - alpha on the other,
or weights[target] for each row. Gradients are with respect to the logits.
"""
import math

import torch

from gen_torch import binary, multiclass
from golden import write
from pytorch_examples import FocalLossBinary, FocalLossMultiClass, WeightedFocalLoss

G = torch.Generator().manual_seed(2025)


def draw(n, k=None, scale=2):
    x = torch.randn(n, *([] if k is None else [k]), generator=G) * scale
    return (x * 64).round().div(64).double()  # exact in float32 too


def as_written(criterion, logits, targets, dtype):
    x = logits.to(dtype).requires_grad_()
    out = {"error": None, "shape": None, "value": None, "values": None, "nonFinite": None, "gradientFinite": None}
    try:
        result = criterion(x, targets)
    except RuntimeError as e:
        out["error"] = str(e)
        return out
    out["shape"] = list(result.shape)
    if result.dim():
        out["values"] = [float(v) + 0.0 for v in result.detach().flatten()]
    elif math.isfinite(result):
        out["value"] = float(result)
    else:
        out["nonFinite"] = str(float(result))
    gradient, = torch.autograd.grad(result.sum(), x)
    out["gradientFinite"] = bool(torch.isfinite(gradient).all())
    return out


def case(example, name, note, logits, targets, gamma=2.0, alpha=None, weights=None, dtype=torch.float64, classes=None):
    k = 1 if logits.dim() == 1 else logits.shape[1]
    x = logits.double().clone().requires_grad_()
    if example == 1:
        criterion = FocalLossBinary(gamma, alpha)
        written = as_written(criterion, logits, targets.to(dtype), dtype)
        loss = binary(x, targets, gamma, alpha)
    else:
        if example == 2:
            criterion = FocalLossMultiClass(gamma, alpha, classes or k)
        else:
            criterion = WeightedFocalLoss(gamma, None if weights is None else torch.tensor(weights, dtype=dtype), classes or k)
        written = as_written(criterion, logits, targets, dtype)
        per_class = torch.tensor(weights or alpha or [1.0] * k, dtype=torch.float64)
        loss = multiclass(x, targets, torch.full((k,), gamma, dtype=torch.float64), per_class)
    meant = loss.mean()
    gradient, = torch.autograd.grad(meant, x)
    assert math.isfinite(meant) and torch.isfinite(gradient).all()
    return {"example": example, "name": name, "note": note, "dtype": str(dtype)[6:], "rows": len(logits), "columns": k,
            "logits": [float(v) for v in logits.flatten()], "targets": targets.tolist(), "gamma": gamma, "alpha": alpha, "weights": weights,
            "asWritten": written, "meant": float(meant), "meantGradient": [float(v) + 0.0 for v in gradient.flatten()]}


def generate():
    labels = lambda n, k: torch.randint(0, k, (n,), generator=G)
    t = lambda *v: torch.tensor(v)
    d = lambda *v: torch.tensor(v, dtype=torch.float64)
    f32 = torch.float32
    one, two, three = (lambda *a, e=e, **k: case(e, *a, **k) for e in (1, 2, 3))
    z10, y10, z4, y4, w4 = draw(10, 10), labels(10, 10), draw(6, 4), labels(6, 4), [0.25, 1.0, 2.0, 4.0]
    page_weights = [0.1, 0.9, 0.8, 0.7, 0.6, 0.5, 0.4, 0.3, 0.2, 0.1]
    same_alpha = "Both classes get alpha; the paper's definition, which is meant, gives the negative class 1 - alpha."
    cases = [
        one("binary ordinary", same_alpha, draw(10), labels(10, 2), alpha=0.25),
        one("binary alpha 0.75", same_alpha, draw(12), labels(12, 2), alpha=0.75),
        one("binary alpha 0.5", "With alpha 0.5 both classes weigh the same, so here the class as written is right.", draw(8), t(0, 1, 0, 0, 1, 1, 0, 1), alpha=0.5),
        one("binary four rows", same_alpha, d(-18.6, .51, 2.94, -12.8), t(0, 1, 0, 0), alpha=0.25),
        one("binary negative at 40", "1 - sigmoid(40) is 0 in float64, so its log is -inf and the loss inf; 40 is meant for this row before alpha.", d(40, -1, .5, -2), t(0, 0, 1, 0), alpha=0.25),
        one("binary negative at 17 in float32", "1 - sigmoid(17) is 0 in float32, so one confident mistake makes the loss inf.", d(17, -1, .5, -2), t(0, 0, 1, 0), alpha=0.25, dtype=f32),
        one("binary positive at -120 in float32", "sigmoid(-120) underflows to 0 in float32, so the loss is inf.", d(-120, -1, .5, -2), t(1, 0, 1, 0), alpha=0.25, dtype=f32),
        one("binary positive at -800", "sigmoid(-800) underflows to 0 in float64 too, so the loss is inf.", d(-800, -1, .5, -2), t(1, 0, 1, 0), alpha=0.25),
        one("binary gamma 0.5 certain and right", "The value is finite, but pt rounds to 1 and 0 ** (gamma - 1) makes the gradient NaN; alpha is on both classes as well.", d(60, -1, .5, -2), t(1, 0, 1, 0), gamma=0.5, alpha=0.25),
        two("softmax no alpha", "Right as written.", z4, y4),
        two("softmax no alpha, ten classes", "Right as written.", z10, y10),
        two("softmax alpha per class", "Right as written: these alphas are exact in the float32 that torch.tensor(alpha) makes of them.", z4, y4, alpha=w4),
        two("softmax alpha rounded", "torch.tensor(alpha) rounds alpha to float32, so float64 logits get a value that is off at the eighth digit.", z4, y4, alpha=[0.1, 0.2, 0.3, 0.4]),
        two("softmax wide logits", "Right as written: log_softmax holds where example 1 fails.", d([-120, 0, 3], [0, 50, -60], [2, -800, 1], [1, 2, 3]), t(0, 2, 1, 2)),
        two("softmax gamma 0.5 certain and right", "The value is finite, but a p that rounds to 1 makes 0 ** (gamma - 1) and the gradient NaN.", d([60, 0, 3], [0, 1, -1]), t(0, 2), gamma=0.5),
        two("softmax num_classes left at 10", "num_classes is 10 unless given, so any other number of columns throws.", z4, y4, classes=10),
        three("weighted, 6 rows, 4 classes", "weights[target] is [N] and multiplies [N, C]: with N not C it throws; one weight for each row is meant.", z4, y4, weights=w4),
        three("weighted, 10 rows, 10 classes", "N = C, so it runs, but weights[target] is spread over columns: row i gets the weight of row target[i]'s target.", z10, y10, weights=page_weights),
        three("weighted, 4 rows, 4 classes", "N = C, so it runs, with the weights on the wrong rows.", z4[:4], t(0, 2, 1, 1), weights=w4),
        three("weighted, one row", "With one row the broadcast happens to be right.", z4[:1], y4[:1], weights=w4),
        three("weighted, one class present", "N = C with every target the same: all weights agree, so the value is right by luck.", z4[:4], t(2, 2, 2, 2), weights=w4),
        three("no weights", "Without weights nothing is reduced: it returns [N, C] values, zero except in each row's target column; their sum over N is meant.", z4, y4),
        three("no weights, wide logits", "Unreduced again; each value is finite.", d([-120, 0, 3], [0, 50, -60]), t(0, 2)),
    ]
    four = cases[3]["meant"]
    assert abs(four - 0.5101) < 5e-5, four
    by_name = {c["name"]: c for c in cases}
    for c in cases:
        written = c["asWritten"]
        right = written["value"] is not None and abs(written["value"] - c["meant"]) < 1e-12 * c["meant"]
        claims = any(s in c["note"] for s in ("Right as written", "is right", "be right"))
        assert right == (claims or (c["example"] == 2 and "gamma 0.5" in c["name"])), (c["name"], written["value"], c["meant"])
        assert written["gradientFinite"] == (None if written["error"] else "inf" not in c["note"] and "NaN" not in c["note"]), (c["name"], written)
    assert by_name["no weights"]["asWritten"]["shape"] == [6, 4]
    write("examples.json", "three PyTorch classes as written and as meant; logits and gradients row-major", cases)
