"""The three PyTorch focal loss classes that people copy, as they circulate.

From "How can FocalLoss be implemented in PyTorch?" (a question-and-answer page of 2025-01-30), kept word for word,
mistakes included: gen_examples.py records what they return next to what they mean.
"""
import torch
import torch.nn as nn
import torch.nn.functional as F


class FocalLossBinary(nn.Module):
    def __init__(self, gamma=2, alpha=0.25):
        super(FocalLossBinary, self).__init__()
        self.gamma = gamma
        self.alpha = alpha

    def forward(self, input, target):
        pt = torch.sigmoid(input)
        pt = torch.where(target==1, pt, 1-pt) #handles positive and negative cases
        loss = -self.alpha * (1 - pt) ** self.gamma * torch.log(pt)
        return loss.mean()


class FocalLossMultiClass(nn.Module):
    def __init__(self, gamma=2, alpha=None, num_classes=10):
        super(FocalLossMultiClass, self).__init__()
        self.gamma = gamma
        self.alpha = alpha
        self.num_classes = num_classes
        if alpha is None:
            self.alpha = torch.ones(num_classes)
        else:
            self.alpha = torch.tensor(alpha)

    def forward(self, input, target):
        pt = F.softmax(input, dim=1)
        logpt = F.log_softmax(input, dim=1)
        target_onehot = F.one_hot(target, num_classes=self.num_classes).float()
        loss = -self.alpha * (1 - pt) ** self.gamma * logpt * target_onehot
        return loss.sum(dim=1).mean()


class WeightedFocalLoss(nn.Module):
    def __init__(self, gamma=2, weights=None, num_classes=10):
        super(WeightedFocalLoss, self).__init__()
        self.gamma = gamma
        self.weights = weights
        self.num_classes = num_classes

    def forward(self, input, target):
      pt = F.softmax(input, dim=1)
      logpt = F.log_softmax(input, dim=1)
      target_onehot = F.one_hot(target, num_classes=self.num_classes).float()
      if self.weights is not None:
        weighted_loss = -self.weights[target] * (1 - pt) ** self.gamma * logpt * target_onehot
        return weighted_loss.sum(dim=1).mean()
      else:
        return  - (1 - pt) ** self.gamma * logpt * target_onehot
