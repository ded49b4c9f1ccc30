
    def joined(self, values, c, mask=None):
        """(values | c | mask), of an image as channels."""
        parts = [values]
        if CONDITION and c is None:
            raise ValueError("c: expected the condition of each row")
        if CONDITION:
            given = F.one_hot(c, CONDITION) if LABELLED else c
            given = given.to(values.dtype)
            if values.dim() == 4:
                given = given[:, :, None, None].expand(-1, -1, *values.shape[2:])
            parts.append(given)
        if mask is not None:
            parts.append(mask)
        return torch.cat(parts, 1)

    def encode(self, x, c=None):
        """Mean and log variance of z, then the posterior's further parameters."""
        mask = None
        if MASK_INPUT:
            mask = (~x.isnan()).to(x.dtype)
            x = x.nan_to_num(nan=0.0)
        if IMAGE and not ENCODES_IMAGES:
            x = x.permute(0, 2, 3, 1).flatten(1)
            mask = None if mask is None else mask.permute(0, 2, 3, 1).flatten(1)
        head = self.posterior(self.before_posterior(self.encoder(self.joined(x, c, mask))))
        if head.dim() == 4:
            return *head.chunk(2, 1), head[:, :0]
        return head[:, :LATENT], head[:, LATENT : 2 * LATENT], head[:, 2 * LATENT :]

    def decode(self, z, c=None):
        """The parameters of the likelihood of z."""
        y = self.observation(self.before_observation(self.decoder(self.joined(z, c))))
        if not IMAGE or OUTPUTS % FEATURES:
            return y.flatten(1)
        channels, height, width = IMAGE
        if y.dim() == 4:
            return y.reshape(-1, OUTPUTS // FEATURES, channels, height, width)
        # A dense layer gives rows of data, which have the channels last.
        y = y.reshape(-1, OUTPUTS // FEATURES, height, width, channels)
        return y.permute(0, 1, 4, 2, 3)


def load(folder=pathlib.Path(__file__).parent):
    """The trained model, for evaluation."""
    file = pathlib.Path(folder) / "model.safetensors"
    model = Model()
    missing, unexpected = model.load_state_dict(load_file(file), strict=False)
    # PyTorch counts the batches of a normalisation, vae4j does not.
    missing = [name for name in missing if not name.endswith("num_batches_tracked")]
    if missing or unexpected:
        raise ValueError(f"{file}: without {missing}, with {unexpected}: not of this model")
    with safe_open(file, framework="pt") as weights:
        model.specification = json.loads(weights.metadata()["vae4j.model"])
    return model.eval()
