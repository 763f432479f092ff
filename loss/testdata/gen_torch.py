"""torch.json: whole batches through PyTorch's float64 autograd.

Run: python3 generate.py torch. Numbers: focal loss in log space (the formula of torchvision's sigmoid_focal_loss, which
itself takes 1 - sigmoid; and its softmax sibling), gradients by autograd. With sample weights s: none = s_i L_i,
sum = sum s_i L_i, mean = sum s_i L_i / sum s_i, over the elements (binary, multilabel) or rows (multiclass) that are
not ignored; class weights do not enter the divisor. gradientSum and gradientMean are those of sum and mean.
"""
import torch
import torch.nn.functional as F

from golden import write

torch.set_num_threads(1)
INF = float("inf")


def binary(logits, targets, gamma, alpha):
    """alpha: of the positive class, 1 - alpha for the other; None is 1 for both."""
    margin = torch.where(targets == 1, logits, -logits)
    loss = torch.exp(gamma * F.logsigmoid(-margin)) * -F.logsigmoid(margin)
    weight = 1.0 if alpha is None else torch.where(targets == 1, torch.tensor(alpha, dtype=logits.dtype), torch.tensor(1 - alpha, dtype=logits.dtype))
    return weight * loss


def multiclass(logits, targets, gamma, weights):
    """gamma and weights: one for each class."""
    rows = torch.arange(len(logits))
    total = torch.logsumexp(logits, 1)
    hot = F.one_hot(targets, logits.shape[1]).bool()
    log_pt = logits[rows, targets] - total
    log_rest = torch.logsumexp(logits.masked_fill(hot, -INF), 1) - total
    return weights[targets] * torch.exp(gamma[targets] * log_rest) * -log_pt


def case(task, logits, targets, loss, weight, kept=None, **parameters):
    """Reduces a function of the logits three ways and differentiates two of them."""
    x = logits.clone().requires_grad_()
    s = torch.ones_like(loss(x))
    if weight is not None:
        s = s * (weight[:, None] if s.dim() == 2 else weight)
    if kept is not None:
        s = s * kept
    each = s * loss(x)
    total, mean = each.sum(), each.sum() / s.sum()
    grad_sum, = torch.autograd.grad(total, x, retain_graph=True)
    grad_mean, = torch.autograd.grad(mean, x)
    assert all(torch.isfinite(v).all() for v in (each, grad_sum, grad_mean))
    flat = lambda v: [float(a) + 0.0 for a in v.detach().flatten()]
    return {"task": task, "rows": logits.shape[0], "columns": 1 if logits.dim() == 1 else logits.shape[1], **parameters,
            "sampleWeight": None if weight is None else flat(weight), "logits": flat(logits), "targets": targets.flatten().tolist(),
            "none": flat(each), "mean": float(mean), "sum": float(total), "gradientMean": flat(grad_mean), "gradientSum": flat(grad_sum)}


def generate():
    g = torch.Generator().manual_seed(42)
    normal = lambda *shape: torch.randn(*shape, generator=g, dtype=torch.float64)
    weights_of = lambda n: torch.randint(0, 8, (n,), generator=g).double() / 4 + 0.25
    cases = []
    for n, scale, gamma, alpha, weighted in [(32, 2, 2.0, 0.25, 0), (32, 2, 2.0, None, 0), (40, 6, 0.5, 0.75, 0), (24, 3, 0.0, None, 1),
                                             (40, 30, 5.0, 0.9, 1), (17, 1, 1.0, 0.5, 1), (1, 1, 2.0, 0.25, 0)]:
        z, y = scale * normal(n), (torch.rand(n, generator=g) < 0.3).long()
        cases.append(case("binary", z, y, lambda x: binary(x, y, gamma, alpha), weights_of(n) if weighted else None, gamma=[gamma], alpha=alpha))
    known = torch.tensor([-18.6, 0.51, 2.94, -12.8]).double().mul(100).round().div(100)
    for alpha, mean in [(None, 0.6912), (0.25, 0.5101)]:
        y = torch.tensor([0, 1, 0, 0])
        cases.append(case("binary", known, y, lambda x: binary(x, y, 2.0, alpha), None, gamma=[2.0], alpha=alpha))
        assert abs(cases[-1]["mean"] - mean) < 5e-5
    for n, k, scale, gamma, by_class, weighted, ignored in [
            (16, 3, 2, [2.0], 0, 0, 0), (16, 3, 2, [2.0], 1, 0, 0), (12, 5, 4, [0.5], 1, 1, 0), (20, 4, 3, [2.0], 1, 0, 1), (20, 4, 3, [5.0], 1, 1, 1),
            (10, 2, 2, [1.0], 1, 0, 0), (9, 10, 20, [0.0], 0, 1, 1), (14, 3, 2, [0.0, 2.0, 5.0], 1, 1, 1)]:
        z, y = scale * normal(n, k), torch.randint(0, k, (n,), generator=g)
        if ignored:
            y[::4] = -100
        kept, safe = (y != -100).double(), y.clamp(min=0)
        weights = weights_of(k) if by_class else torch.ones(k).double()
        gammas = torch.tensor(gamma * (k // len(gamma))).double()
        cases.append(case("multiclass", z, y, lambda x: multiclass(x, safe, gammas, weights), weights_of(n) if weighted else None, kept,
                          gamma=gamma, classWeight=weights.tolist() if by_class else None, ignoreIndex=-100 if ignored else None))
    for n, k, gamma, alpha, weighted in [(8, 5, 2.0, 0.25, 0), (8, 3, 2.0, None, 1), (6, 4, 0.5, 0.6, 1)]:
        z, y = 3 * normal(n, k), (torch.rand(n, k, generator=g) < 0.4).long()
        cases.append(case("multilabel", z, y, lambda x: binary(x, y, gamma, alpha), weights_of(n) if weighted else None, gamma=[gamma], alpha=alpha))
    write("torch.json", "PyTorch float64 autograd; logits, targets, gradients row-major; binary alpha: positive class, 1-alpha the other", cases)
