// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {SafeERC20} from "@openzeppelin/contracts/token/ERC20/utils/SafeERC20.sol";
import {ReentrancyGuardTransient} from "@openzeppelin/contracts/utils/ReentrancyGuardTransient.sol";
import {IArtist} from "./interfaces/IArtist.sol";

/// @title Who shares what arrives in an artist's contract, and how they take it out.
/// @dev Income is whatever the balance grows by: tokens arrive without a call. Shares are cumulative within a split epoch, so
/// nobody gains by when or how often something is taken out; a new epoch begins when other payees come into force.
/// Liabilities of former epochs are `_booked` and no income of the present one.
abstract contract ArtistFunds is IArtist, ReentrancyGuardTransient {
    using SafeERC20 for IERC20;

    uint256 private constant MOST_PAYEES = 16;
    uint16 private constant WHOLE = 10_000;

    /// @inheritdoc IArtist
    uint40 public immutable splitDelay;
    IERC20 internal immutable _token;

    Payee[] private _payees; // empty: the owner alone
    Payee[] private _announced;
    uint256 private _released; // taken out of what arrived in this split epoch
    mapping(uint32 splitEpoch => mapping(address payee => uint256)) private _releasedTo;
    uint256 private _booked; // due to payees from former split epochs
    mapping(address payee => uint256) private _bookedFor;

    uint40 private _announcedFrom; // 0: no splits announced
    uint32 private _splitEpoch;
    /// @inheritdoc IArtist
    address public pendingOwner;
    // one slot from here on, with the number of songs: every owner call reads it
    /// @inheritdoc IArtist
    address public owner;
    /// @inheritdoc IArtist
    uint32 public artistId;
    /// @inheritdoc IArtist
    uint32 public ownerEpoch;

    constructor(address token_, uint40 splitDelay_) {
        _token = IERC20(token_);
        splitDelay = splitDelay_;
    }

    /// @inheritdoc IArtist
    function withdraw(address to, uint256 amount) external nonReentrant {
        _withdraw(msg.sender, to, amount);
    }

    /// @inheritdoc IArtist
    function push(address payee) external nonReentrant {
        _withdraw(payee, payee, withdrawable(payee));
    }

    function _withdraw(address payee, address to, uint256 amount) internal {
        _applyWhenDue();
        require(to != address(0) && to != address(this), BadRecipient(to));
        require(amount != 0, AmountMissing());
        uint256 most = withdrawable(payee);
        require(amount <= most, NotEnough(payee, amount, most));

        uint256 booked = _bookedFor[payee];
        if (booked > amount) booked = amount;
        if (booked != 0) {
            _bookedFor[payee] -= booked;
            _booked -= booked;
        }
        if (booked != amount) {
            _releasedTo[_splitEpoch][payee] += amount - booked;
            _released += amount - booked;
        }

        emit Withdrawn(payee, to, amount);

        _token.safeTransfer(to, amount);
    }

    /// Everything that arrived in this split epoch, taken out since or not.
    function _arrived() private view returns (uint256) {
        return _token.balanceOf(address(this)) + _released - _booked;
    }

    function _share(uint256 units, uint256 bps) private pure returns (uint256) {
        return units * bps / WHOLE;
    }

    function _bpsOf(address payee, Payee[] memory list) private pure returns (uint256) {
        for (uint256 i; i < list.length; ++i) {
            if (list[i].account == payee) return list[i].bps;
        }
        return 0;
    }

    /// An empty list stands for the owner alone.
    function _listed(Payee[] storage stored) private view returns (Payee[] memory list) {
        if (stored.length != 0) return stored;
        list = new Payee[](1);
        list[0] = Payee(owner, WHOLE);
    }

    function _setSplits(Payee[] calldata payees_) internal nonReentrant {
        require(payees_.length <= MOST_PAYEES, TooManyPayees(payees_.length, MOST_PAYEES));
        _applyWhenDue();
        delete _announced;
        uint256 sum;
        for (uint256 i; i < payees_.length; ++i) {
            Payee calldata p = payees_[i];
            bool good = p.account != address(0) && p.account != address(this) && p.bps != 0;
            for (uint256 j; j < i; ++j) {
                good = good && payees_[j].account != p.account;
            }
            require(good, BadPayee(p.account, p.bps));
            sum += p.bps;
            _announced.push(p);
        }
        require(payees_.length == 0 || sum == WHOLE, SharesDoNotSum(sum, WHOLE));
        _announcedFrom = uint40(block.timestamp) + splitDelay;
        emit SplitsSet(payees_, _announcedFrom);
    }

    /// @inheritdoc IArtist
    function applySplits() external nonReentrant {
        require(_splitsAreDue(), NoSplitsDue(_announcedFrom));
        _applyWhenDue();
    }

    function _splitsAreDue() private view returns (bool) {
        return _announcedFrom != 0 && block.timestamp >= _announcedFrom;
    }

    function _applyWhenDue() private {
        if (!_splitsAreDue()) return;
        _closeEpoch();
        _payees = _announced;
        delete _announced;
        _announcedFrom = 0;
        emit SplitsApplied(_splitEpoch);
    }

    /// Books for each payee what is due from this epoch; what rounding leaves over is the next epoch's first income.
    function _closeEpoch() private {
        uint256 arrived = _arrived();
        Payee[] memory list = payees();
        uint256 sum;
        for (uint256 i; i < list.length; ++i) {
            uint256 due = _share(arrived, list[i].bps) - _releasedTo[_splitEpoch][list[i].account];
            _bookedFor[list[i].account] += due;
            sum += due;
        }
        _booked += sum;
        _released = 0;
        ++_splitEpoch;
    }

    /// Before ownership moves: what the former owner earned stays the former owner's, what it announced is dropped.
    function _settleForFormerOwner() internal {
        _applyWhenDue();
        if (_payees.length == 0) _closeEpoch();
        if (_announcedFrom != 0) {
            delete _announced;
            _announcedFrom = 0;
            emit SplitsDropped();
        }
    }

    /// @inheritdoc IArtist
    function token() external view returns (address) {
        return address(_token);
    }

    /// @inheritdoc IArtist
    function withdrawable(address payee) public view returns (uint256 units) {
        uint256 arrived = _arrived();
        Payee[] memory list = payees();
        units = _bookedFor[payee] + _share(arrived, _bpsOf(payee, list)) - _releasedTo[_splitEpoch][payee];
        if (_splitsAreDue()) {
            uint256 left = arrived;
            for (uint256 i; i < list.length; ++i) {
                left -= _share(arrived, list[i].bps);
            }
            units += _share(left, _bpsOf(payee, _listed(_announced)));
        }
    }

    /// @inheritdoc IArtist
    function payees() public view returns (Payee[] memory) {
        return _listed(_payees);
    }

    /// @inheritdoc IArtist
    function shares() external view returns (Share[] memory list) {
        Payee[] memory sharing = payees();
        list = new Share[](sharing.length);
        for (uint256 i; i < list.length; ++i) {
            Payee memory p = sharing[i];
            list[i] = Share(p.account, p.bps, withdrawable(p.account));
        }
    }

    /// @inheritdoc IArtist
    function announcedSplits() external view returns (Payee[] memory, uint40) {
        return (_announced, _announcedFrom);
    }
}
