"""Minimises the objective of a focal classifier in plain numpy, to the last digits.

J(W, b) = (1/sum s) sum_i s_i a_{y_i} FL(z_i, y_i) + (l2/2) |W|^2, z = W x + b on standardised columns; see README.md.
The start is the library's: W = 0 and b at the minimum with W = 0. L-BFGS comes near, Newton steps finish.
"""
import numpy as np
from scipy.optimize import minimize
from scipy.special import logsumexp


def softplus(t):
    return np.logaddexp(0, t)


def margin(m, gamma):
    """f, f', f'' of (1 - sigmoid(m))^gamma * -log sigmoid(m)."""
    p, u, a = np.exp(-softplus(-m)), np.exp(-softplus(m)), softplus(-m)
    e = np.exp(-gamma * softplus(m))
    return e * a, -e * (gamma * p * a + u), p * e * ((2 * gamma + 1) * u - gamma * (u - gamma * p) * a)


def row_losses(z, y, gamma, weight):
    """Value [n], gradient [n, C] and Hessian [n, C, C] of each row; C = 1 is the two-class logit."""
    n, c = z.shape
    if c == 1:
        m, v, spread = np.where(y == 1, 1, -1) * z[:, 0], np.where(y == 1, 1.0, -1.0)[:, None], 0
    else:
        rows = np.arange(n)
        others = z.copy()
        others[rows, y] = -np.inf
        lse = logsumexp(others, axis=1)
        r = np.exp(others - lse[:, None])
        m, v = z[rows, y] - lse, np.eye(c)[y] - r
        spread = r[:, :, None] * np.eye(c) - r[:, :, None] * r[:, None, :]
    a, (f, f1, f2) = weight[y], margin(m, gamma[y])
    return a * f, (a * f1)[:, None] * v, (a * f2)[:, None, None] * v[:, :, None] * v[:, None, :] - (a * f1)[:, None, None] * spread


class Problem:
    def __init__(self, x, y, classes, gamma, weight, l2, standardize=True, fit_intercept=True, sample_weight=None):
        self.mean = x.mean(0) if standardize else np.zeros(x.shape[1])
        self.std = x.std(0) if standardize else np.ones(x.shape[1])
        self.std[self.std == 0] = 1  # a constant column is left centred
        self.x = np.hstack([(x - self.mean) / self.std, np.ones((len(x), 1))])
        self.y, self.c, self.l2 = y, 1 if classes == 2 else classes, l2
        self.gamma, self.weight = np.array(gamma, float), np.array(weight, float)
        s = np.ones(len(x)) if sample_weight is None else sample_weight
        self.s = s / s.sum()
        # parameters: C rows of [coefficients, intercept], flattened; free says which may move
        free = np.ones((self.c, self.x.shape[1]), bool)
        free[:, -1] = fit_intercept
        self.free = free.ravel()
        self.penalty = np.hstack([np.full(x.shape[1], l2), 0])

    def value_grad(self, theta):
        w = theta.reshape(self.c, -1)
        f, g, _ = row_losses(self.x @ w.T, self.y, self.gamma, self.weight)
        value = self.s @ f + 0.5 * np.sum(self.penalty * w * w)
        return value, np.where(self.free, ((self.s[:, None] * g).T @ self.x + self.penalty * w).ravel(), 0)

    def hessian(self, theta):
        d = self.x.shape[1]
        _, _, h = row_losses(self.x @ theta.reshape(self.c, -1).T, self.y, self.gamma, self.weight)
        out = np.zeros((self.c, d, self.c, d))
        for i in range(self.c):
            for j in range(self.c):
                out[i, :, j, :] = self.x.T @ ((self.s * h[:, i, j])[:, None] * self.x)
            out[i, :, i, :] += np.diag(self.penalty)
        return out.reshape(self.c * d, self.c * d)

    def newton(self, theta, free, target=1e-15, steps=60):
        """Newton steps on the free parameters, with step halving while far, until rounding stops them."""
        value, g = self.value_grad(theta)
        for _ in range(steps):
            norm = np.abs(g[free]).max()
            if norm < target:
                break
            h = self.hessian(theta)[np.ix_(free, free)]
            step = np.zeros_like(theta)
            step[free] = -np.linalg.lstsq(h, g[free], rcond=1e-13)[0]  # least norm: softmax intercepts may all shift alike
            for k in range(30):
                new = theta + step / 2 ** k
                new_value, new_g = self.value_grad(new)
                if new_value < value - 1e-12 or np.abs(new_g[free]).max() < norm:
                    break
            else:
                break
            theta, value, g = new, new_value, new_g
        return theta

    def start(self):
        theta, width = np.zeros(self.free.size), self.x.shape[1]
        only = self.free & (np.arange(theta.size) % width == width - 1)
        if only.any():
            def intercepts(b):
                t = theta.copy()
                t[only] = b
                value, g = self.value_grad(t)
                return value, g[only]
            theta[only] = minimize(intercepts, theta[only], jac=True, method="BFGS", options={"gtol": 1e-9}).x
            theta = self.newton(theta, only)
            assert np.abs(self.value_grad(theta)[1][only]).max() < 1e-13
        return theta

    def solve(self, theta=None):
        theta = self.start() if theta is None else theta
        theta = minimize(self.value_grad, theta, jac=True, method="L-BFGS-B",
                         options={"maxiter": 20000, "maxfun": 40000, "ftol": 0, "gtol": 1e-9, "maxcor": 20}).x
        theta = self.newton(theta, self.free)
        w = theta.reshape(self.c, -1)
        w[:, ~self.x.any(0)] = 0  # a column of zeros: 0 but for rounding
        if self.c > 1:  # centre what the loss leaves open
            w[:, -1] -= w[:, -1].mean()
        assert np.abs(self.value_grad(theta)[1]).max() < 1e-12, np.abs(self.value_grad(theta)[1]).max()
        least = np.linalg.eigvalsh(self.hessian(theta)[np.ix_(self.free, self.free)])[:2]
        assert least[0] > 0 if self.c == 1 else least[0] > -1e-12 and least[1] > 0, least  # a minimum
        return theta

    def check_derivatives(self, rnd):
        """Gradient and Hessian against central differences along random directions."""
        theta = rnd.normal(size=self.free.size) / np.sqrt(self.x.shape[1])
        for _ in range(3):
            d = np.where(self.free, rnd.normal(size=theta.size), 0)
            d /= np.linalg.norm(d)
            (up, g_up), (down, g_down) = self.value_grad(theta + 1e-5 * d), self.value_grad(theta - 1e-5 * d)
            assert abs((up - down) / 2e-5 - self.value_grad(theta)[1] @ d) < 1e-8
            assert np.abs((g_up - g_down) / 2e-5 - np.where(self.free, self.hessian(theta) @ d, 0)).max() < 1e-7
