import { Router } from 'express';
import { views } from '../services/activity';

export const activityRouter = Router();

activityRouter.post('/search', async (req, res) => {
  const found = await views.find({ visitor: req.body.visitor }).limit(50).toArray();
  res.json({ views: found });
});

activityRouter.post('/export', async (req, res) => {
  const found = await views
    .find({ ...req.body.filter, sku: { $exists: true } })
    .limit(500)
    .toArray();
  res.json({ views: found });
});

activityRouter.get('/:visitor', async (req, res) => {
  const found = await views.find({ visitor: req.params.visitor }).limit(50).toArray();
  res.json({ views: found });
});

activityRouter.post('/last', async (req, res) => {
  const last = await views.findOne({ visitor: String(req.body.visitor) }, { sort: { at: -1 } });
  res.json({ last });
});
