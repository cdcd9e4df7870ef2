namespace Ovation.Ethereum.Tests;
